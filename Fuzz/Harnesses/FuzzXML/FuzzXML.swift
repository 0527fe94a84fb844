import ReaderInvariants

/// What libFuzzer calls for every input it makes up; a broken invariant ends the process, which is how it is told.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    FuzzedReader.xml.holdOrDie(for: input)
    return 0
}
