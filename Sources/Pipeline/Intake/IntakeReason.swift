internal import Core

/// Why something in the inbox was not taken, in both languages.
enum IntakeReason {
    static let nameNotUTF8 = Phrase("文件名不是 UTF-8 编码，请改名", "the name is not UTF-8; rename it")
    static let link = Phrase("是符号链接，不予接收；请放入文件本身", "a symbolic link is never followed; put the file itself there")
    static let notAFile = Phrase("不是普通文件（管道、设备或套接字）", "not a regular file (a pipe, device or socket)")
    static let rootName = Phrase(
        "收件箱根目录只接收 YPJC_<机构代码>_<期间>_<时间14位>.zip",
        "the root of the inbox takes only YPJC_<hospital_code>_<period>_<yyyyMMddHHmmss>.zip")
    static let hospitalFolder = Phrase(
        "文件夹名不是医疗机构代码（只能用字母、数字、- 和 _）",
        "the folder's name is no hospital code (letters, digits, - and _ only)")
    static let periodFolder = Phrase(
        "文件夹名不是期间，应为 2025、2025Q3 或 2025-07", "the folder's name is no period: 2025, 2025Q3 or 2025-07")
    static let looseInHospitalFolder = Phrase(
        "单个文件请放入期间文件夹，例如 2025/", "put loose files into a period folder, for example 2025/")
    static let folderInPeriod = Phrase("期间文件夹中不能再有文件夹", "a period folder holds files only")
    static let markerAlone = Phrase(
        "只有 submission.ok，没有数据文件", "submission.ok stands there alone, without any data file")
    static let periodUnknown = Phrase(
        "压缩包名和 manifest.json 都没有写明期间（2025、2025Q3 或 2025-07）",
        "neither the package's name nor its manifest.json states the period (2025, 2025Q3 or 2025-07)")
    static let beingWritten = Phrase("仍有程序在写入", "a program still has it open for writing")
    /// The files of a plan had gone when they were to be moved.
    static let gone = Phrase("尚未接收时已被移走或删除", "it was moved away or removed before it could be taken")
    static let changedWhileRead = Phrase("读取时文件仍在变化", "the file was still changing while it was read")

    static func fromTheFuture(_ moment: Timestamp) -> Phrase {
        Phrase("修改时间 \(moment) 在未来，请检查时钟", "modified at \(moment), in the future; check the clocks")
    }

    static func notSettled(seconds: Int, of limit: Int) -> Phrase {
        Phrase(
            "可能仍在上传：\(seconds) 秒前有变化（需稳定 \(limit) 秒，或放入 submission.ok）",
            "perhaps still being uploaded: changed \(seconds) s ago (must rest \(limit) s, or have submission.ok)")
    }

    static func unreadable(_ error: any Error) -> Phrase { Phrase("无法读取：\(error)", "cannot be read: \(error)") }

    static func identical(to submission: SubmissionID) -> Phrase {
        Phrase("与第 \(submission) 号报送完全相同，未再次处理", "identical to submission \(submission); not processed again")
    }
}
