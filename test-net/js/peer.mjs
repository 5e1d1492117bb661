// js-libp2p in either seat of a tunnel. usage: node peer.mjs listen tls|noise
//                                               node peer.mjs dial   tls|noise ADDRESS
//                                               node peer.mjs mdns   tls|noise
// listen: prints its address; serves /x/digest (reads to the end, answers the SHA-256) and /x/source (sends the pattern).
// mdns:   prints its address, then "found ID" for each peer of the local network.
// dial:   opens /x/digest and /x/source at ADDRESS, 50 MB each, compares, prints "ok".
import { createHash } from 'node:crypto'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { mdns } from '@libp2p/mdns'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const TOTAL = 50_000_000
// the same bytes as service.py's pattern
const PATTERN = Buffer.alloc(251 * 1044, Buffer.from(Array.from({ length: 251 }, (_, i) => i)))
const PART = 64 * 1024

function * parts () {
  for (let sent = 0; sent < TOTAL;) {
    const at = sent % PATTERN.length
    const part = PATTERN.subarray(at, Math.min(at + PART, PATTERN.length, at + TOTAL - sent))
    sent += part.length
    yield part
  }
}

async function sendPattern (stream) {
  for (const part of parts()) {
    if (!stream.send(part)) {
      await new Promise((resolve, reject) => {
        stream.addEventListener('drain', resolve, { once: true })
        stream.addEventListener('close', (event) => { event.error != null ? reject(event.error) : resolve() }, { once: true })
      })
    }
  }
  await stream.close()
}

async function digestOf (stream) {
  const digest = createHash('sha256')
  for await (const part of stream) {
    digest.update(part.subarray())
  }
  return digest.digest('hex')
}

async function textOf (stream) {
  let text = ''
  for await (const part of stream) {
    text += Buffer.from(part.subarray()).toString()
  }
  return text
}

function expected () {
  const digest = createHash('sha256')
  for (const part of parts()) {
    digest.update(part)
  }
  return digest.digest('hex')
}

const [seat, security, address] = process.argv.slice(2)
const node = await createLibp2p({
  addresses: { listen: [seat === 'mdns' ? '/ip4/0.0.0.0/tcp/0' : '/ip4/127.0.0.1/tcp/0'] },
  peerDiscovery: seat === 'mdns' ? [mdns({ interval: 2000 })] : [],
  transports: [tcp()],
  connectionEncrypters: [security === 'noise' ? noise() : tls()],
  streamMuxers: [yamux()],
  connectionGater: { denyDialMultiaddr: () => false },
  services: { identify: identify(), ping: ping() }
})

if (seat === 'listen') {
  await node.handle('/x/digest', async (stream) => {
    stream.send(Buffer.from(await digestOf(stream) + '\n'))
    await stream.close()
  })
  await node.handle('/x/source', sendPattern)
  console.log(node.getMultiaddrs()[0].toString())
} else if (seat === 'mdns') {
  console.log(node.getMultiaddrs().find((address) => !address.toString().startsWith('/ip4/127.')).toString())
  node.addEventListener('peer:discovery', (event) => console.log('found ' + event.detail.id.toString()))
} else {
  const there = multiaddr(address)
  const connection = await node.dial(there)
  await node.services.ping.ping(connection.remotePeer)
  const up = await connection.newStream('/x/digest')
  const answer = textOf(up)
  await sendPattern(up)
  if ((await answer).trim() !== expected()) {
    throw new Error('50 MB up and half-close, answered: ' + await answer)
  }
  const down = await connection.newStream('/x/source')
  if (await digestOf(down) !== expected()) {
    throw new Error('50 MB down')
  }
  console.log('ok')
  await node.stop()
  process.exit(0)
}
