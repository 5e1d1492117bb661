/** The self-describing formats every other module speaks: varint, multibase, multihash, multiaddr, protobuf. */
module adit.multiformats {
    exports adit.multiformats;
}
