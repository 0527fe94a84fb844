@main struct Yaoce { static func main() {} }
