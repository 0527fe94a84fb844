import Glibc

/// The character set that libarchive takes a thread to use, for as long as it works on one header.
///
/// libarchive converts names between what the zip says and the C locale. With UTF-8 a flagged name stays as it is and
/// any other passes untouched; with `C` nothing is converted and no flag is written. The locale is the thread's alone,
/// so the process and other threads do not notice.
@safe
struct TextLocale: ~Copyable {
    private let handle: locale_t?

    init(_ name: String) { unsafe handle = newlocale(LC_CTYPE_MASK, name, nil) }

    deinit {
        if let handle = unsafe handle { unsafe freelocale(handle) }
    }

    /// Runs `body` in this locale; in the one that holds already where the system does not have it.
    func use<Result>(_ body: () -> Result) -> Result {
        guard let handle = unsafe handle else { return body() }
        let previous = unsafe uselocale(handle)
        defer { _ = unsafe uselocale(previous) }
        return body()
    }
}
