// js-libp2p behind a NAT, with a relay and DCUtR. usage: node punch.mjs listen tls|noise RELAY ANNOUNCED
//                                                        node punch.mjs dial   tls|noise RELAY ANNOUNCED PEER
// RELAY: its full address. ANNOUNCED: the address others are told besides, where this host's NAT is: js-libp2p believes no peer that tells it.
// listen: prints its id once the relay has a place for it; serves /x/echo on direct connections only.
// dial:   dials PEER over the relay, waits for a direct connection, sends 100 kB to its /x/echo there and back, prints "direct ADDRESS".
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const [seat, security, relay, announced, peer] = process.argv.slice(2)
const node = await createLibp2p({
  addresses: { listen: ['/ip4/0.0.0.0/tcp/4001', ...(seat === 'listen' ? [relay + '/p2p-circuit'] : [])], appendAnnounce: [announced] },
  transports: [tcp(), circuitRelayTransport()],
  connectionEncrypters: security === 'noise' ? [noise(), tls()] : [tls()], // the relay may speak TLS alone
  streamMuxers: [yamux()],
  connectionGater: { denyDialMultiaddr: () => false },
  services: { identify: identify(), ping: ping(), dcutr: dcutr() }
})

async function until (found) {
  for (;;) {
    const value = found()
    if (value != null) {
      return value
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

if (seat === 'listen') {
  await node.handle('/x/echo', async (stream) => {
    for await (const part of stream) {
      stream.send(part)
    }
    await stream.close()
  })
  await until(() => node.getMultiaddrs().find((address) => address.toString().includes('/p2p-circuit')))
  console.log(node.peerId.toString())
} else {
  const relayed = await node.dial(multiaddr(`${relay}/p2p-circuit/p2p/${peer}`))
  const direct = await until(() => node.getConnections(relayed.remotePeer).find((each) => !each.remoteAddr.toString().includes('/p2p-circuit')))
  const stream = await direct.newStream('/x/echo')
  const sent = Buffer.alloc(100_000, 'adit')
  stream.send(sent)
  let received = 0
  for await (const part of stream) {
    received += part.byteLength
    if (received >= sent.length) {
      break
    }
  }
  console.log('direct ' + direct.remoteAddr.toString())
  await node.stop()
  process.exit(0)
}
