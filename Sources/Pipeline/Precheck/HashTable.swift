/// Numbers by 64-bit hash in two flat arrays: 16 bytes for a place, about 24 for an entry at the usual load.
///
/// Swift's dictionary needs twice that and a hash of the hash; the memory target counts bytes for each drug.
struct HashTable<Value: BitwiseCopyable> {
    private var keys: [UInt64]
    private var values: [Value]
    private let blank: Value
    private(set) var count = 0

    init(blank: Value) {
        self.blank = blank
        keys = Array(repeating: 0, count: 64)
        values = Array(repeating: blank, count: 64)
    }

    @inline(__always)
    private static func place(of key: UInt64, in keys: [UInt64]) -> Int {
        let mask = keys.count - 1
        var index = Int(truncatingIfNeeded: key) & mask
        while keys[index] != 0, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    /// The value of a key that is not 0.
    subscript(key: UInt64) -> Value? {
        get {
            let index = HashTable.place(of: key, in: keys)
            return keys[index] == key ? values[index] : nil
        }
        set {
            guard let newValue else { return }
            let index = HashTable.place(of: key, in: keys)
            values[index] = newValue
            guard keys[index] == 0 else { return }
            keys[index] = key
            count += 1
            if count * 4 > keys.count * 3 { grow() }
        }
    }

    private mutating func grow() {
        let (oldKeys, oldValues) = (keys, values)
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        values = Array(repeating: blank, count: oldKeys.count * 2)
        for (index, key) in oldKeys.enumerated() where key != 0 {
            let place = HashTable.place(of: key, in: keys)
            keys[place] = key
            values[place] = oldValues[index]
        }
    }

    mutating func removeAll() { self = HashTable(blank: blank) }
}
