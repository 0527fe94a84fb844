public import Core

/// What the readers' short names of a fault (`reason` of A16, A25 and other rules of files) mean to a person.
///
/// Data and JSON keep the short name, which a program can rely on; sentences say it in words.
public enum Faults {
    /// The words for one name; `nil` for a name that is none of the readers', which is shown as it is.
    public static func words(for reason: String) -> Phrase? { phrases[reason] }

    private static let phrases: [String: Phrase] = [
        // A16, delimited text
        "field_count": Phrase("列数与表头不同", "not as many cells as the header has"),
        "too_many_columns": Phrase("列数超过上限", "more cells than the limit"),
        "text_after_quote": Phrase("结束引号之后还有文字", "text after a closing quote"),
        "unclosed_quote": Phrase("引号没有结束", "a quote is never closed"),
        "field_too_long": Phrase("一行超过长度上限", "longer than the limit for one record"),
        // Other rules of files
        "no_header": Phrase("没有表头", "no header"),
        "too_many_rows": Phrase("坏行过多", "too many rows with invalid bytes"),
        // A16, XML
        "not_well_formed": Phrase("XML 格式不良", "the XML is not well-formed"),
        "encoding": Phrase("写明的编码不能读", "the encoding it states cannot be read"),
        "root": Phrase("根元素不对", "another root element"),
        "document_type": Phrase("含有 DTD", "there is a document type declaration"),
        "depth": Phrase("标签嵌套过深", "elements are nested too deeply"),
        "too_long": Phrase("超过长度上限", "longer than the limit"),
        "too_many_names": Phrase("标签和属性的名称过多", "too many different names of elements and attributes"),
        "repeated_column": Phrase("同一列出现两次", "a column stands there twice"),
        "nested_element": Phrase("单元格中还有标签", "an element inside a cell"),
        "text_outside_cell": Phrase("标签之外有文字", "text outside of any cell"),
        "field_without_name": Phrase("单元格没有写明列名", "a cell without the name of its column"),
        // A25
        "table": Phrase("数据表", "table"),
        "hospital_code": Phrase("机构代码", "hospital code"),
        "name": Phrase("文件", "file"),
        "rows": Phrase("行数", "number of rows"),
        "sha256": Phrase("SHA-256 校验值", "SHA-256"),
        "JSON": Phrase("内容", "content"),
    ]
}
