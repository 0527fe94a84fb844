internal import Core
internal import Readers

/// Something in the inbox that could become a submission.
struct InboxCandidate: Sendable {
    /// What it is.
    enum Shape: Sendable {
        /// A folder of loose files; markers go away with it.
        case loose(markers: [String])
        /// One package.
        case package
    }

    var hospitalCode: String
    /// `nil` where a package's name does not say: its manifest may.
    var period: Period?
    /// Its path below the inbox.
    var sourceName: String
    var shape: Shape
    /// Its files: the path of each below the inbox, its name in the submission, and what it looked like.
    var files: [(path: String, name: String, status: FileSystem.Status)]
    /// Which came first, where several came for the same institution and period.
    var order: String
}

/// Looks at the drop folder and says what is ready, what is not, and what can never be taken. It changes nothing.
struct InboxScanner {
    let inbox: String
    let settleSeconds: Int
    let now: Timestamp

    private(set) var ready: [InboxCandidate] = []
    private(set) var sightings: [IntakeSighting] = []

    init(inbox: String, settleSeconds: Int, now: Timestamp) {
        self.inbox = inbox
        self.settleSeconds = settleSeconds
        self.now = now
    }

    /// Looks at everything once.
    ///
    /// Most nights most folders have nothing in them, and what takes time is waiting for the disk, or the file server, to
    /// say so: many are asked for together, by more threads than there are processors.
    mutating func scan() throws {
        let entries = try FileSystem.listing(of: inbox).filter { !$0.name.hasPrefix(".") }
        for part in try InParts.of(entries, threads: 8, least: 64, { [self] in try scanned($0) }) {
            ready += part.ready
            sightings += part.sightings
        }
        ready.sort { ($0.hospitalCode, $0.order, $0.sourceName) < ($1.hospitalCode, $1.order, $1.sourceName) }
    }

    /// What there is in some entries of the inbox.
    private func scanned(_ entries: ArraySlice<FileSystem.Entry>) throws -> InboxScanner {
        var part = InboxScanner(inbox: inbox, settleSeconds: settleSeconds, now: now)
        for entry in entries { try part.scan(entry) }
        return part
    }

    private mutating func scan(_ entry: FileSystem.Entry) throws {
        let name = entry.name
        guard entry.isReadable else { return refuse(name, IntakeReason.nameNotUTF8) }
        if entry.isFolder { return try scanHospital(name) }
        let status = try FileSystem.status(of: "\(inbox)/\(name)")
        switch status.kind {
        case .folder: try scanHospital(name)
        case .file: scanRootPackage(name, status)
        case .link: refuse(name, IntakeReason.link)
        case .other: refuse(name, IntakeReason.notAFile)
        }
    }

    private mutating func scanRootPackage(_ name: String, _ status: FileSystem.Status) {
        guard let parts = PackageFileName(name) else { return refuse(name, IntakeReason.rootName) }
        offer(
            InboxCandidate(
                hospitalCode: parts.hospitalCode, period: parts.period, sourceName: name, shape: .package,
                files: [(name, name, status)], order: parts.timestamp))
    }

    private mutating func scanHospital(_ hospital: String) throws {
        guard HospitalFolderName.isAcceptable(hospital) else { return refuse(hospital, IntakeReason.hospitalFolder) }
        let entries: [(name: String, isReadable: Bool)]
        do {
            entries = try FileSystem.entries(of: "\(inbox)/\(hospital)")
        } catch {
            return refuse(hospital, IntakeReason.unreadable(error))
        }
        for (name, isReadable) in entries where !name.hasPrefix(".") {
            let source = "\(hospital)/\(name)"
            guard isReadable else {
                refuse(source, IntakeReason.nameNotUTF8)
                continue
            }
            let status = try FileSystem.status(of: "\(inbox)/\(source)")
            switch status.kind {
            case .link: refuse(source, IntakeReason.link)
            case .other: refuse(source, IntakeReason.notAFile)
            case .folder:
                guard let period = Period(name) else {
                    refuse(source, IntakeReason.periodFolder)
                    continue
                }
                try scanLoose(hospital, period, source)
            case .file:
                guard name.lowercased().hasSuffix(".zip") else {
                    refuse(source, IntakeReason.looseInHospitalFolder)
                    continue
                }
                offer(
                    InboxCandidate(
                        hospitalCode: hospital, period: PackageFileName.period(in: name), sourceName: source,
                        shape: .package, files: [(source, name, status)],
                        order: PackageFileName.timestamp(in: name) ?? PackageFileName.timestamp(of: status.modified)))
            }
        }
    }

    private mutating func scanLoose(_ hospital: String, _ period: Period, _ source: String) throws {
        var files: [(path: String, name: String, status: FileSystem.Status)] = []
        var markers: [String] = []
        let entries: [(name: String, isReadable: Bool)]
        do {
            entries = try FileSystem.entries(of: "\(inbox)/\(source)")
        } catch {
            return refuse(source, IntakeReason.unreadable(error))
        }
        for (name, isReadable) in entries {
            let path = "\(source)/\(name)"
            guard isReadable else {
                refuse(path, IntakeReason.nameNotUTF8)
                continue
            }
            let status = try FileSystem.status(of: "\(inbox)/\(path)")
            switch status.kind {
            case .file where name == "submission.ok": markers.append(path)
            case .file: if !name.hasPrefix(".") { files.append((path, name, status)) }
            case .link: refuse(path, IntakeReason.link)
            case .other: refuse(path, IntakeReason.notAFile)
            case .folder: refuse(path, IntakeReason.folderInPeriod)
            }
        }
        guard !files.isEmpty else {
            if !markers.isEmpty { refuse(source, IntakeReason.markerAlone) }
            return
        }
        offer(
            InboxCandidate(
                hospitalCode: hospital, period: period, sourceName: source, shape: .loose(markers: markers),
                files: files,
                order: PackageFileName.timestamp(
                    of: files.map(\.status.modified).max() ?? Timestamp(microseconds: 0))))
    }

    /// Ready with its marker, or when nothing has changed for the time to settle.
    private mutating func offer(_ candidate: InboxCandidate) {
        if case .loose(let markers) = candidate.shape, !markers.isEmpty {
            ready.append(candidate)
            return
        }
        let newest = candidate.files.map(\.status.modified).max() ?? now
        let age = (now.microseconds - newest.microseconds) / 1_000_000
        guard age >= Int64(settleSeconds) else {
            let reason =
                age < 0
                ? IntakeReason.fromTheFuture(newest) : IntakeReason.notSettled(seconds: Int(age), of: settleSeconds)
            sightings.append(
                IntakeSighting(sourceName: candidate.sourceName, sha256: nil, outcome: .notReady, reason: reason))
            return
        }
        ready.append(candidate)
    }

    private mutating func refuse(_ source: String, _ reason: Phrase) {
        sightings.append(IntakeSighting(sourceName: source, sha256: nil, outcome: .refused, reason: reason))
    }
}

/// A hospital's folder name becomes a path of its receipts, so it may hold nothing but letters, digits, `_` and `-`.
enum HospitalFolderName {
    static func isAcceptable(_ name: String) -> Bool {
        let bytes = name.utf8
        return (1...64).contains(bytes.count)
            && bytes.allSatisfy {
                ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x61 && $0 <= 0x7A)
                    || $0 == 0x2D || $0 == 0x5F
            }
    }
}
