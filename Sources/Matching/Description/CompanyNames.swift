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

    /// Signs of companies that were bought, parted or handed products on; an old holder and a new one may be alike.
    static let relatives: Set<UInt32> = {
        var pairs: Set<UInt32> = []
        for family in families.split(separator: "\n") {
            let members = family.split(separator: ",").compactMap {
                signs.match(in: Folding.fold(String($0)), at: 0)?.value
            }
            for left in members { for right in members where left != right { pairs.insert(pair(left, right)) } }
        }
        return pairs
    }()

    static func pair(_ left: UInt16, _ right: UInt16) -> UInt32 { UInt32(left) << 16 | UInt32(right) }

    private static let families = """
        msd,organon,schering-plough
        allergan,abbvie
        abbott,abbvie
        abbott,viatris,mylan,solvay
        pfizer,viatris,wyeth
        pfizer,pharmacia
        sanofi,aventis,genzyme,winthrop
        johnson & johnson,janssen,actelion
        glaxosmithkline,haleon,smithkline
        novartis,sandoz,alcon
        bayer,schering,jenapharm
        takeda,shire,nycomed
        astellas,leo
        merck,serono
        bristol-myers squibb,celgene
        meda,viatris,mylan
        guerbet,liebel-flarsheim,mallinckrodt
        eli lilly,cheplapharm
        roche,cheplapharm
        astrazeneca,cheplapharm
        ucb,schwarz
        """

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
        法玛西亚,pharmacia
        健赞,genzyme
        winthrop
        爱可泰隆,actelion
        赫力昂,haleon
        先灵,schering
        jenapharm
        夏尔,shire
        奈科明,nycomed
        meda
        liebel-flarsheim
        马林克罗,mallinckrodt
        cheplapharm
        schwarz
        """
}
