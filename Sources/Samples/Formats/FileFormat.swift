/// How the tables of a sample submission are written.
struct FileFormat: Sendable, Hashable {
    /// What kind of file.
    enum Kind: Sendable, Hashable {
        /// Delimited text.
        case delimited
        /// XML, a child element for each value.
        case elements
        /// XML, an attribute for each value.
        case attributes
        /// XML, `<field name="…">` for each value.
        case fields
    }

    /// What stands in the header.
    enum Headers: Sendable, Hashable {
        /// Those of the national template.
        case chinese
        /// The same with half-width brackets, blanks around them and without 元.
        case loose
        /// Other headers that have been seen, where there are any.
        case alias
        /// The English names.
        case english
    }

    /// What kind of file.
    var kind = Kind.delimited
    /// How text becomes bytes.
    var encoding = SampleEncoding.utf8
    /// `,` `;` tab or `|`.
    var delimiter: Character = ","
    /// Whether every cell is quoted, and not only those that need it.
    var quotesAll = false
    /// What ends a line: `\n`, `\r\n` or `\r`.
    var lineEnd = "\n"
    /// Title and note lines above the header, 0 … 2.
    var titleLines = 0
    /// Whether a 序号 column comes first.
    var hasSequence = false
    /// Whether columns come in another order than the template's.
    var isShuffled = false
    /// What stands in the header.
    var headers = Headers.chinese
    /// Whether a total line (合计) closes tables with amounts or quantities.
    var hasTotal = false
    /// Whether the total line states a yuan too much.
    var hasWrongTotal = false
    /// `csv`, `tsv`, `txt` or `xml`.
    var fileExtension = "csv"
    /// Whether each file is packed with gzip.
    var isPacked = false

    /// Comma-separated UTF-8 with the template's headers.
    init() {}

    /// The same with something changed.
    func with(_ change: (inout FileFormat) -> Void) -> FileFormat {
        var changed = self
        change(&changed)
        return changed
    }

    /// XML in one of its shapes.
    static func xml(_ kind: Kind, _ encoding: SampleEncoding = .utf8) -> FileFormat {
        FileFormat().with {
            $0.kind = kind
            $0.encoding = encoding
            $0.fileExtension = "xml"
        }
    }

    /// Whether it is XML.
    var isXML: Bool { kind != .delimited }
}
