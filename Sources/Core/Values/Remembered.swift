/// What was seen lately, up to a number: where there is no more room, what nobody has asked for since is forgotten.
///
/// There are two generations. Whatever is asked for goes to the young one; when that is full the old one is given up.
public struct Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let generation: Int

    /// Room for so many values.
    public init(limit: Int) { generation = max(limit / 2, 1) }

    /// How many are held.
    public var count: Int { young.count + old.count }

    /// The value of a key, where it is still there.
    public mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    /// Holds a value.
    public mutating func insert(_ value: Value, for key: Key) {
        if young.count >= generation, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }

    /// Forgets everything.
    public mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
