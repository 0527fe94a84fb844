/// Characters of drug names by their sound without tone; what sounds the same is typed for one another
/// (阿斯匹林 for 阿司匹林), and characters that look alike mostly sound alike as well (坐 for 唑).
///
/// Only sounds that several characters of drug names share are listed: a syllable, a colon, its characters.
enum Pronunciations {
    static let table = """
        ai:埃爱癌艾 an:安庵暗桉氨胺铵 ao:傲奥拗澳螯 ba:八巴拔疤茇霸 bai:佰拜柏白百败 ban:伴半斑板班 bang:棒棓榜邦 bao:保包孢宝抱暴胞葆薄 bei:倍北贝钡 ben:本苯 \
        bi:吡壁彼必比毕痹碧笔荜萆蓖避铋闭鼻 bian:便变扁苄边 biao:标表 bie:别鳖 bin:宾槟滨 bing:丙冰病 bo:伯勃博卜拨搏檗波玻菠铂 bu:不布步补部 cai:菜采 can:参蚕 \
        cao:曹草 cha:搽查茶 chan:产蝉蟾 chang:常畅肠菖长 chao:朝潮超 chen:尘沉臣陈 cheng:城成 chi:赤齿 chong:充冲虫 chu:出础除 chuan:喘川穿 \
        chuang:创疮 chui:垂椎锤 chun:春椿纯醇 ci:刺慈次磁赐雌 cu:促醋 cuo:挫痤 da:哒大打达 dai:代傣带待戴袋黛 dan:丹单弹旦氮淡疸胆蛋 dang:党当荡菪 \
        dao:导岛氘道 de:得德的锝 deng:灯登 di:低地帝敌滴狄笛第蒂迪递 dian:典淀滇点电癜癫碘靛颠 die:碟蝶跌迭 ding:丁啶定订酊锭 dong:东冬冻动 dou:斗痘窦豆都 \
        du:度杜毒独督肚 duan:断短端 dun:吨墩敦盾 duo:哆哚垛多朵 e:厄噁莪蛾额鹅 en:恩蒽 er:二儿尔而耳 fa:伐发法珐 fan:凡反帆泛烦番矾范返 fang:放方肪芳防 \
        fei:啡肥肺菲蜚非飞 fen:分吩奋粉芬酚 feng:冯凤奉封峰枫砜蜂风 fu:伏佛副呋咐复夫妇富府弗扶敷斧服氟浮甫福肤腐腹芙茯蝮赋辅附麸 ga:嘎噶钆 gai:改溉盖钙 \
        gan:干感杆柑橄甘疳肝苷酐 gang:刚肛 gao:睾糕羔膏锆高 ge:咯戈格歌葛铬阁隔 geng:庚更梗 gong:供公功宫工 gou:构狗钩 gu:古呱固股菇谷钴骨 gua:瓜胍 \
        guan:关冠灌管蒄观贯 guang:光广胱 gui:归桂炔瑰癸硅鬼鲑龟 guo:果过 ha:哈蛤 hai:海还 han:含寒汉汗翰 hao:号好蒿蚝豪郝 he:合和核河盒禾荷诃贺赫鹤 \
        heng:亨恒衡 hong:洪红 hou:厚后喉猴 hu:呼护斛琥瑚糊胡葫虎 hua:划化华滑花 huai:坏槐 huan:换环缓 huang:癀皇磺黄 hui:回惠灰茴荟辉 hun:混魂 \
        huo:活火藿霍 ji:剂即及吉基季寄己急悸戟机极棘济激疾积肌脊蒺蓟集饥鸡 jia:价佳假加夹家架甲钾 jian:健减剑坚尖建检煎碱见间 jiang:姜江浆降 jiao:交椒焦绞胶艽角较酵 \
        jie:介捷接杰洁疖竭结节芥蚧解 jin:今劲槿津浸筋紧近进金锦 jing:京净惊景晶痉精经肼茎荆菁镜靖静颈 jiu:久九救旧灸臼酒鸠 ju:咀局巨枸桔橘疽聚菊锯鞠驹 juan:卷蠲鹃 \
        jue:决嚼觉诀 jun:军君均菌 ka:卡咖 kai:凯开 kan:坎莰 kang:亢康慷抗糠 ke:克刻可咳壳恪柯渴珂科颗 kou:口蔻 ku:库枯苦 kuai:块快 kui:匮喹奎溃葵蝰馈 \
        kun:坤昆醌 la:拉蜡辣 lai:来莱赖 lan:兰榄蓝镧 lang:朗榔狼莨 lao:劳痨老酪 le:乐了肋 lei:勒泪类累蕾镭雷 leng:冷棱 \
        li:丽利力历厘李栎栗梨沥理璃疬痢离立笠粒苈荔莉藜蛎里锂 lian:炼联莲连链 liang:两亮凉梁良量 liao:料疗蓼辽 lie:列裂 lin:临啉林淋琳磷膦蔺霖鳞麟 \
        ling:令凌呤岭灵羚苓铃零龄 liu:六柳榴流留瘤硫馏 long:癃聋陇隆龙 lou:楼瘘蒌 lu:卢卤炉璐禄芦路陆露鲁鹭鹿 luan:乱卵 lun:仑伦轮 luo:洛瘰络罗萝落螺裸骆 \
        lv:律榈氯滤绿铝驴 ma:吗妈玛马麻 mai:脉迈麦 man:慢曼满螨 mao:冒毛矛蝥锚 mei:妹寐梅每没煤玫眉美酶镁霉 meng:孟朦梦檬猛礞萌蒙锰 mi:咪嘧密弥泌猕秘米糜脒蜜迷醚 \
        mian:免棉眠绵面 miao:妙苗 min:敏民皿 ming:名命明蓂铭 mo:摩末沫磨膜莫默 mu:姆木母沐牡目睦 na:娜拿纳那钠 nai:乃奈耐萘 nan:南喃男 nao:瑙脑蛲 ni:妮尼逆 \
        nian:年廿念拈捻黏 niang:娘酿 niao:尿脲鸟 ning:凝咛宁柠 niu:扭牛纽 nong:侬农浓脓 ou:偶欧 pa:帕杷 pai:哌排派牌蒎 pan:泮潘盘 pao:泡疱袍 \
        pei:佩培沛珮胚配 pen:喷盆 peng:朋硼膨蓬鹏 pi:匹枇疲癖皮脾辟 pian:偏片 ping:屏平瓶苹萍 po:泊泼珀破颇 pu:扑普朴浦脯葡蒲谱 qi:七其启奇期杞歧气琪祺脐芪蕲麒齐 \
        qian:前千茜钱 qiang:强羌羟腔 qiao:巧窍翘荞 qin:亲嗪秦芩 qing:卿庆氢氰清轻青 qiong:琼芎 qiu:巯球秋萩 qu:去取屈曲祛驱 quan:全权泉犬醛 que:确缺 \
        ren:人仁任壬忍 rong:溶绒茸荣蓉融 rou:柔肉鞣 ru:乳入如薷 ruan:软阮 rui:瑞芮蕊锐 sa:撒萨 sai:噻塞腮赛 san:三散 sang:嗓桑 sao:扫骚 se:涩色 \
        sha:刹沙痧砂纱莎鲨 shan:善山杉珊膳 shang:上伤尚 shao:少烧芍 she:射摄社舌舍蛇设麝 shen:什伸沈深渗申砷神肾身 sheng:升圣声生胜 \
        shi:世仕似十嗜噬士实师式施时氏湿狮石示蚀视试豉适释食 shou:受寿手收首 shu:叔抒暑束枢树殊漱疏舒薯输鼠 shuang:双爽霜 si:丝司嗣四思斯死锶鸶 song:宋松楤 su:塑粟素苏速酥 \
        suan:蒜酸 sui:穗绥髓 sun:损笋 suo:梭索缩羧锁 ta:他塔它 tai:台太汰泰肽胎酞 tan:坦檀炭痰瘫碳 tang:唐堂棠汤烫糖 tao:桃滔萄 teng:疼腾藤 ti:体提替蹄锑 \
        tian:天甜田 tiao:条跳 tie:萜贴铁 ting:亭停婷挺汀烃葶 tong:同桐痛童统通酮铜 tou:头透 tu:兔吐土涂秃 tui:腿褪退 tuo:佗唾妥托拓脱驼 wan:万丸烷脘菀 \
        wang:尪旺望王 wei:为伟伪位卫味唯威微惟未渭维胃韦魏 wen:吻文汶温瘟稳 wo:沃肟 wu:乌五午吾屋戊无武物舞蜈雾 xi:吸喜希息昔析洗溪烯熄犀矽硒稀系细膝菥西豨锡 xia:下夏虾 \
        xian:仙先显痫纤线腺莶酰陷鲜 xiang:响橡祥香 xiao:哮小效校消潇硝逍 xie:协屑泄泻缬薢蝎蟹 xin:信心忻新欣芯辛鑫锌馨 xing:兴型性星杏腥行醒 xiong:熊胸雄 \
        xiu:修溴秀 xu:续虚 xuan:宣悬旋玄癣眩 xue:学血雪 xun:熏荨逊驯 ya:亚压吖牙芽雅鸦 yan:严厌咽岩延炎烟盐眼研衍颜验 yang:养扬杨样氧洋疡痒羊阳 yao:腰药遥 \
        ye:叶夜液野 yi:一乙亦亿伊依医夷宜已异彝忆怡意抑易疫益移翳翼胰薏蚁衣逸遗钇颐 yin:吲因茚茵蚓银阴隐音饮 ying:婴应影樱瘿罂英荧营鹰 yong:涌用蛹 you:优友右尤幼忧悠有油游 \
        yu:与余俞愈榆浴玉瘀育蓣语郁预鱼 yuan:元原园圆橼渊源缘远鸢 yue:悦月约越跃 yun:云孕晕熨芸 zai:仔再在甾载 zan:簪赞 zang:脏藏 zao:枣燥皂藻造 ze:则择泽 \
        zha:扎楂渣 zhan:占展湛盏粘 zhang:张掌杖樟獐胀障 zhe:䗪折柘浙蔗蟅 zhen:振珍疹真诊贞针镇震 zheng:征整正症郑 \
        zhi:之制志指支智枝枳栀植止汁治滞痔知稚纸织置肢脂至致芝芷蛭质酯 zhong:中仲种肿重锺 zhou:周宙洲舟 zhu:主助术朱柱株注猪珠竹竺逐 zhuan:专转 zhuang:壮状装 \
        zhuo:䓬卓浊灼茁 zi:兹姊子孜滋籽紫自 zong:宗总棕综腙 zu:祖组足阻 zuo:佐做唑坐左
        """
}
