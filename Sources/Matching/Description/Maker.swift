/// A maker as printed: holder, producer, packer, former name, in Chinese and Latin, each a part that is compared.
struct MakerReading {
    /// The names without company forms; `高特制药` of `高特制药有限公司`.
    var parts: [[UInt16]] = []

    init(_ text: String) {
        let folded = Folding.fold(MakerReading.parted(text))
        guard !folded.isEmpty else { return }
        var seen: Set<UInt64> = []
        for piece in MakerReading.pieces(folded) {
            var core = MakerReading.core(piece)
            if core.count < 2, core.first.map({ $0 < 0xE800 }) ?? true {
                // Nothing is left of `A&Z Pharmaceutical, Inc.`: then every letter counts.
                core = piece.filter { Scalars.isHan($0) || Scalars.isLatin($0) || Scalars.isDigit($0) }
            }
            guard core.count >= 2 || core.first.map({ $0 >= 0xE800 }) == true else { continue }
            guard parts.count < 8, seen.insert(Scalars.hash(core)).inserted else { continue }
            parts.append(core)
        }
    }

    /// `AbbottLaboratoriesGmbH` as words: a capital after a small letter begins one, unless it ends the text (GmbH).
    private static func parted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: UnicodeScalar?
        var iterator = text.unicodeScalars.prefix(1_000).makeIterator()
        var next = iterator.next()
        while let scalar = next {
            next = iterator.next()
            if let previous, previous.value >= 0x61, previous.value <= 0x7A, isCapital(scalar), next.map(isLetter) ?? false {
                result.append(" ")
            }
            result.append(scalar)
            previous = scalar
        }
        return String(result)
    }

    private static func isCapital(_ scalar: UnicodeScalar) -> Bool { scalar.value >= 0x41 && scalar.value <= 0x5A }

    private static func isLetter(_ scalar: UnicodeScalar) -> Bool {
        isCapital(scalar) || scalar.value >= 0x61 && scalar.value <= 0x7A
    }

    /// Parts at brackets, marks, words like 委托 and where Chinese meets Latin. A short bracket without a company
    /// in it is a place and belongs to the name: 赛诺菲（北京）制药有限公司.
    private static func pieces(_ text: [UInt16]) -> [[UInt16]] {
        var pieces: [[UInt16]] = []
        var stack: [[UInt16]] = [[]]
        var index = 0
        func close(_ piece: [UInt16]) { pieces.append(contentsOf: split(piece)) }
        while index < text.count {
            let value = text[index]
            if value == DescriptionScanner.open, stack.count < 6 {
                stack.append([])
            } else if value == DescriptionScanner.close, stack.count > 1 {
                let inner = stack.removeLast()
                if isPlace(inner) { stack[stack.count - 1] += inner } else { close(inner) }
            } else if let found = partings.match(in: text, at: index) {
                if let last = stack.popLast() {
                    close(last)
                    stack.append([])
                }
                index += found.length
                continue
            } else {
                stack[stack.count - 1].append(value)
            }
            index += 1
        }
        // The outermost comes first: it is the maker, the rest explains it.
        let rest = pieces
        pieces = []
        for piece in stack { close(piece) }
        return pieces + rest
    }

    private static func isPlace(_ text: [UInt16]) -> Bool {
        text.count <= 4 && text.allSatisfy(Scalars.isHan)
    }

    /// Where Chinese meets a Latin word of four letters or more, two names stand side by side.
    private static func split(_ text: [UInt16]) -> [[UInt16]] {
        let latin = text.filter(Scalars.isLatin).count
        let han = text.filter(Scalars.isHan).count
        guard latin >= 4, han >= 2 else { return [text] }
        return [text.filter { Scalars.isHan($0) }, text.filter { !Scalars.isHan($0) }]
    }

    /// The name without company forms, punctuation and space, the great companies under one sign each.
    static func core(_ piece: [UInt16]) -> [UInt16] {
        var core: [UInt16] = []
        var index = 0
        while index < piece.count {
            let isWordStart = index == 0 || !Scalars.isLatin(piece[index - 1])
            if let found = CompanyNames.signs.match(in: piece, at: index),
                !Scalars.isLatin(piece[index]) || found.length >= 5
                    || isWordStart && endsWord(piece, index + found.length)
            {
                core.append(found.value)
                index += found.length
            } else if let found = CompanyNames.forms.match(in: piece, at: index),
                !Scalars.isLatin(piece[index]) || isWordStart && endsWord(piece, index + found.length)
            {
                index += found.length
            } else {
                let value = piece[index]
                if isWordStart, Scalars.isLatin(value), endsWord(piece, index + 1) {
                    // A single letter is the rest of a form: `B. V.`, `S. p. A.`.
                    index += 1
                    continue
                }
                if Scalars.isHan(value) || Scalars.isLatin(value) || Scalars.isDigit(value) { core.append(value) }
                index += 1
            }
        }
        return core
    }

    private static func endsWord(_ text: [UInt16], _ index: Int) -> Bool {
        index >= text.count || !Scalars.isLatin(text[index])
    }

    private static let partings = WordList<Bool>(
        [
            "委托生产企业", "委托生产", "受托生产企业", "受托方", "委托方", "委托", "进口分包企业", "分包装企业", "分包装", "分包企业", "分包", "分装企业",
            "分装", "生产企业", "生产厂家", "生产厂", "上市许可持有人", "持有人", "原名", "曾用名", "现名", "更名为", "产地", "国内代理", "代理",
            "、", ";", ",", "|",
        ].map { ($0, true) })
}

/// What company names are made of.
enum CompanyNames {
    /// Company forms, which tell nothing.
    static let forms = WordList<Bool>(
        """
        股份有限公司 有限责任公司 有限公司 股份公司 责任公司 集团公司 公司 集团 股份 总厂 分厂 有限 co.,ltd. co.,ltd co.ltd co. co ltd. ltd limited inc. inc \
        incorporated corp. corp corporation company gmbh ag kgaa kg s.p.a. s.p.a spa s.r.l. s.r.l srl s.a. s.a sa sas s.a.s s.a.s. \
        b.v. b.v bv n.v. n.v nv plc plc. llc llp lp l.p. ab a/s as oy oyj pty pte pvt d.o.o. d.d. k.k. kk a.s. mbh se und and the of \
        laboratories laboratory labs pharmaceuticals pharmaceutical pharma
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { (String($0), true) })

    /// Companies known by a Chinese and a Latin name; each group folds to one sign.
    static let signs: WordList<UInt16> = WordList(
        groups.split(separator: "\n").enumerated().flatMap { number, group in
            group.split(separator: ",").map { (String($0), UInt16(0xE800 + number)) }
        }, spaced: true)

    private static let groups = """
        辉瑞,pfizer
        诺华,novartis
        罗氏,roche,genentech
        拜耳,bayer
        赛诺菲,sanofi
        安万特,aventis
        阿斯利康,astrazeneca,astra zeneca
        葛兰素史克,glaxosmithkline,葛兰素威康,glaxo wellcome,gsk,glaxo
        默沙东,merck sharp & dohme,merck sharp dohme,merck sharp&dohme,mercksharp&dohme,msd
        默克,merck
        礼来,eli lilly,elililly,lilly
        百时美施贵宝,bristol-myers squibb,bristol myers squibb,施贵宝,bristol
        强生,johnson & johnson
        杨森,janssen
        雅培,abbott
        艾伯维,abbvie
        艾尔建,眼力健,allergan
        勃林格殷格翰,勃林格,boehringer ingelheim,boehringeringelheim,殷格翰
        诺和诺德,novo nordisk,novonordisk
        武田,takeda
        安斯泰来,astellas,藤泽,山之内
        第一三共,daiichi sankyo,第一制药
        大冢,otsuka
        卫材,eisai
        住友,sumitomo dainippon,sumitomo
        田边三菱,mitsubishi tanabe,三菱制药,田边
        协和发酵麒麟,协和麒麟,kyowa kirin,麒麟鲲鹏,kyowa hakko kirin
        参天,santen
        千寿,senju
        中外制药,chugai
        大鹏,taiho
        帝人,teijin
        旭化成,asahi kasei
        益普生,博福,ipsen,beaufour
        施维雅,servier
        皮尔法伯,pierre fabre
        高德美,galderma
        利奥制药,利奥,leo
        灵北,lundbeck
        辉凌,ferring
        优时比,ucb
        苏威,solvay
        史克,smithkline
        惠氏,wyeth
        先灵葆雅,schering-plough,schering plough
        欧加农,organon
        梯瓦,以色列梯瓦,teva
        山德士,sandoz
        爱尔康,alcon
        博士伦,bausch & lomb,bausch
        百特,baxter
        费森尤斯卡比,费森尤斯,fresenius kabi,fresenius
        贝朗,b.braun,b. braun,braun
        吉利德,gilead
        安进,amgen
        渤健,百健,biogen
        新基,celgene
        迈蓝,mylan
        晖致,viatris,upjohn,普强
        吉瑞,吉瑞大药厂,gedeon richter,gedeonrichter
        克尔卡,krka
        博莱科,bracco
        通用电气,ge healthcare,gehealthcare
        加柏,guerbet
        凯西,chiesi
        美纳里尼,menarini
        赞邦,zambon
        阿尔法韦士曼,阿尔法韦曼,alfa wassermann,alfasigma
        意大利国家,recordati
        东亚药业,donga,dong-a
        韩美,hanmi
        太阳药业,太阳制药,sun pharma
        瑞迪博士,reddy
        西普拉,cipla
        奥罗宾多,aurobindo
        鲁宾,lupin
        熙德隆,hetero
        印度赛诺斯,natco
        澳美,bright future
        信东,taiwan biotech
        京都念慈菴,念慈菴,念慈庵,nin jiom
        基立福,grifols
        奥克特珐玛,octapharma
        杰特贝林,csl behring
        武田巴斯德,巴斯德,pasteur
        雪兰诺,merck serono,serono
        萌蒂,mundipharma
        马博士,madaus
        威玛舒培,舒培,willmar schwabe,schwabe
        夏菩天然药物,schaper
        凯旋,aescuven
        美迪凯,medochemie
        高特,codal
        诺维信,novozymes
        爱的发,ethypharm
        史达德,stada
        赫素,hexal
        思百吉,spepharm
        """
}
