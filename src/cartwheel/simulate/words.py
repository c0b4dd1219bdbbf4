"""The demo shop's own words, English and simplified Chinese: products, uses, reviews, questions.

Each entry is written ``English|中文``. Everything a simulated customer can read or write is
composed from these lists, so that similar products have similar texts and a search finds what it
names.
"""

from __future__ import annotations

from dataclasses import dataclass

from cartwheel.core.wording import Text


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of a department: what its products are made of, boast of and are."""

    name: Text
    materials: tuple[Text, ...]
    features: tuple[Text, ...]
    types: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A branch of the category tree and how it sells."""

    name: Text
    price: float  # median price of its products, major units
    elasticity: float  # mean own-price elasticity
    lift: float  # demand while promoted, beyond the price cut: 1.2 means +20 %
    peak: int  # day of the year of the highest season
    swing: float  # height of the season: 0.4 means +-40 %
    weekend: float  # weekend demand relative to a working day
    gift: float  # height of the weeks before Christmas: 0.8 means +80 %
    extra: float  # mean units in a line beyond the first
    weight_g: int  # median weight
    categories: tuple[Category, ...]
    uses: tuple[Text, ...]


def texts(*entries: str) -> tuple[Text, ...]:
    """Split ``English|中文`` entries."""
    return tuple(Text(*entry.strip().split("|")) for entry in entries)


def _tree(*branches: str) -> tuple[Category, ...]:
    """Read ``name / materials / features / types``, the entries of each parted by semicolons."""
    parts = [[texts(*part.split(";")) for part in branch.split("/")] for branch in branches]
    return tuple(Category(name[0], *lists) for name, *lists in parts)


DEPARTMENTS: tuple[Department, ...] = (
    Department(
        name=Text("Kitchen", "厨房"), price=22, elasticity=-1.8, lift=1.25, peak=340, swing=0.15,
        weekend=1.15, gift=0.6, extra=0.5, weight_g=900,
        categories=_tree(
            """Cookware|炊具
            / stainless steel|不锈钢; cast iron|铸铁; copper|铜; enamelled steel|搪瓷钢
            / Works on induction hobs|适用电磁炉; Safe in the oven|可入烤箱; Heats evenly|受热均匀
            / Frying Pan|煎锅; Saucepan|汤锅; Baking Tray|烤盘""",
            """Tableware|餐具
            / stoneware|炻瓷; porcelain|骨瓷; glass|玻璃; bamboo fibre|竹纤维
            / Safe in the dishwasher|可用洗碗机清洗; Stacks to save space|可叠放省空间;
            Glazed by hand|手工上釉
            / Dinner Plate|餐盘; Mug|马克杯; Serving Bowl|沙拉碗""",
            """Food Storage|食品收纳
            / borosilicate glass|高硼硅玻璃; bamboo|竹; tinplate|马口铁; clear plastic|透明塑料
            / Seals airtight|密封保鲜; Easy to label|方便贴标签; Fits every shelf|适合各种搁架
            / Food Container|保鲜盒; Spice Jar|调料罐; Bread Bin|面包箱""",
            """Drinks|茶饮
            / steel|钢; ceramic|陶瓷; heat-proof glass|耐热玻璃; cork and steel|软木不锈钢
            / Keeps warm for hours|长时间保温; Pours without drips|不滴漏;
            Comes apart for cleaning|可拆卸清洗
            / Water Bottle|水壶; Teapot|茶壶; Coffee Press|法压壶""",
        ),
        uses=texts("family dinners|家庭聚餐", "small kitchens|小户型厨房", "packed lunches|便当",
                   "weekend baking|周末烘焙", "everyday cooking|日常烹饪",
                   "breakfast for two|双人早餐"),
    ),
    Department(
        name=Text("Home", "家居"), price=38, elasticity=-1.5, lift=1.2, peak=300, swing=0.2,
        weekend=1.3, gift=0.4, extra=0.2, weight_g=1800,
        categories=_tree(
            """Bedding|床品
            / linen|亚麻; cotton|棉; bamboo silk|竹丝; wool|羊毛
            / Washes at forty degrees|可四十度水洗; Breathes on warm nights|夏夜透气;
            Hypoallergenic|抗过敏
            / Duvet Cover|被套; Pillow|枕头; Throw Blanket|盖毯""",
            """Lighting|灯具
            / brass|黄铜; oak|橡木; smoked glass|烟灰玻璃; rattan|藤编
            / Warm dimmable light|暖光可调; Switches by touch|触控开关; Saves energy|节能省电
            / Desk Lamp|台灯; Floor Lamp|落地灯; Table Lantern|桌面灯笼""",
            """Decoration|装饰
            / ceramic|陶瓷; mango wood|芒果木; blown glass|吹制玻璃; marble|大理石
            / Each piece differs|每件都独特; Ready to give|送礼佳品; Felt under the base|底部有绒垫
            / Vase|花瓶; Photo Frame|相框; Candle Holder|烛台""",
            """Furniture|家具
            / oak|橡木; walnut|胡桃木; powder-coated steel|粉末涂层钢; birch|桦木
            / Assembles without tools|免工具组装; Fits narrow rooms|适合狭小空间;
            Carries eighty kilograms|承重八十公斤
            / Side Table|边几; Bookshelf|书架; Stool|凳子""",
        ),
        uses=texts("the living room|客厅", "reading corners|阅读角", "rented flats|出租公寓",
                   "cosy evenings|温馨夜晚", "guest rooms|客房", "the home office|居家办公"),
    ),
    Department(
        name=Text("Garden", "园艺户外"), price=30, elasticity=-1.6, lift=1.3, peak=150, swing=0.65,
        weekend=1.5, gift=0.0, extra=0.4, weight_g=1500,
        categories=_tree(
            """Planting|种植
            / terracotta|赤陶; zinc|锌铁; glazed clay|釉陶; recycled plastic|再生塑料
            / Resists frost and sun|抗冻耐晒; Drains well|排水良好; Saucer included|附托盘
            / Plant Pot|花盆; Watering Can|浇水壶; Window Box|窗台花箱""",
            """Garden Tools|园艺工具
            / carbon steel|碳钢; ash wood|白蜡木; stainless steel|不锈钢; galvanised steel|镀锌钢
            / Rust-proof finish|防锈涂层; Stays sharp|持久锋利; Easy on the wrist|握持省力
            / Pruning Shears|修枝剪; Hand Trowel|手铲; Garden Rake|草耙""",
            """Camping|露营
            / ripstop nylon|防撕裂尼龙; canvas|帆布; polyester|涤纶; waxed cotton|油蜡棉
            / Light to carry|轻便易携; Packs down small|收纳体积小; Keeps out the rain|防雨
            / Tent|帐篷; Sleeping Bag|睡袋; Hammock|吊床""",
            """Patio|露台
            / acacia wood|相思木; teak|柚木; aluminium|铝; woven rope|绳编
            / Folds flat|可折叠收纳; Stays outdoors all year|可全年户外使用; Wipes clean|一擦即净
            / Deck Chair|躺椅; Parasol|遮阳伞; Garden Lantern|庭院灯""",
        ),
        uses=texts("balconies|阳台", "herb beds|香草园", "summer weekends|夏日周末",
                   "hiking trips|徒步旅行", "beginners|新手", "allotments|家庭菜园"),
    ),
    Department(
        name=Text("Fashion", "服饰"), price=42, elasticity=-2.2, lift=1.35, peak=290, swing=0.25,
        weekend=1.1, gift=0.5, extra=0.1, weight_g=500,
        categories=_tree(
            """Tops|上装
            / organic cotton|有机棉; merino wool|美利奴羊毛; linen|亚麻; lyocell|莱赛尔
            / True to size|尺码标准; Machine washable|可机洗; Soft on the skin|亲肤柔软
            / T-Shirt|T恤; Sweater|毛衣; Shirt|衬衫""",
            """Outerwear|外套
            / recycled polyester|再生涤纶; wool|羊毛; waxed cotton|油蜡棉;
            down-filled nylon|羽绒尼龙
            / Water-repellent|防泼水; Hidden pockets|隐藏口袋; Warm yet light|轻盈保暖
            / Raincoat|雨衣; Winter Jacket|冬季夹克; Scarf|围巾""",
            """Shoes|鞋履
            / leather|皮革; canvas|帆布; suede|麂皮; knit mesh|针织网面
            / Cushioned sole|缓震鞋底; Wide fit|宽楦; Can be resoled|可换底
            / Trainers|运动鞋; Boots|靴子; Sandals|凉鞋""",
            """Bags|箱包
            / leather|皮革; canvas|帆布; recycled nylon|再生尼龙; felt|毛毡
            / Fits a laptop|可放笔记本电脑; Lockable zip|可锁拉链; Ages well|越用越有味道
            / Backpack|双肩包; Tote Bag|托特包; Wallet|钱包""",
        ),
        uses=texts("the office|通勤", "rainy days|雨天", "city walks|城市漫步", "travel|旅行",
                   "cold mornings|寒冷早晨", "casual Fridays|休闲场合"),
    ),
    Department(
        name=Text("Toys and Baby", "玩具母婴"), price=19, elasticity=-1.3, lift=1.2, peak=335,
        swing=0.2, weekend=1.25, gift=1.4, extra=0.3, weight_g=700,
        categories=_tree(
            """Building|拼搭
            / beech wood|榉木; maple|枫木; bright plastic|彩色塑料; bamboo|竹
            / Trains small hands|锻炼小手; Rounded edges|圆角设计; No batteries|无需电池
            / Building Blocks|积木; Marble Run|滚珠轨道; Train Set|火车套装""",
            """Games|游戏
            / sturdy card|厚纸板; wood|木; linen paper|布纹纸; recycled card|再生纸板
            / Learnt in five minutes|五分钟学会; For two to six players|二至六人;
            Packs into a tin|铁盒收纳
            / Jigsaw Puzzle|拼图; Board Game|桌游; Card Game|卡牌游戏""",
            """Soft Toys|毛绒玩具
            / plush|毛绒; felt|毛毡; organic cotton|有机棉; corduroy|灯芯绒
            / Safe from birth|新生儿可用; Machine washable|可机洗; Stitched eyes|刺绣眼睛
            / Teddy Bear|泰迪熊; Hand Puppet|手偶; Cuddly Rabbit|玩偶兔""",
            """Nursery|婴儿用品
            / muslin|纱布; food-grade silicone|食品级硅胶; cotton|棉; soft wool|软羊毛
            / Easy to clean|易清洁; Tested for safety|通过安全检测; Gentle on skin|亲肤
            / Baby Blanket|婴儿毯; Bib Set|围兜套装; Changing Mat|尿布垫""",
        ),
        uses=texts("toddlers|幼儿", "rainy afternoons|雨天午后", "birthday gifts|生日礼物",
                   "bedtime|睡前", "the whole family|全家同乐", "first steps|学步阶段"),
    ),
    Department(
        name=Text("Sports", "运动"), price=34, elasticity=-1.9, lift=1.25, peak=15, swing=0.3,
        weekend=1.0, gift=0.2, extra=0.2, weight_g=1200,
        categories=_tree(
            """Yoga|瑜伽
            / natural rubber|天然橡胶; cork|软木; jute|黄麻; soft foam|软泡棉
            / Non-slip surface|防滑表面; Free of odour|无异味; Comes with a strap|附绑带
            / Yoga Mat|瑜伽垫; Yoga Block|瑜伽砖; Meditation Cushion|冥想垫""",
            """Running|跑步
            / breathable mesh|透气网布; stretch nylon|弹力尼龙; neoprene|氯丁橡胶;
            reflective fabric|反光面料
            / Reflective details|反光细节; Does not bounce|不晃动; Dries fast|速干
            / Running Belt|跑步腰包; Running Vest|跑步背心; Running Cap|跑步帽""",
            """Cycling|骑行
            / aluminium|铝合金; carbon fibre|碳纤维; tough plastic|强韧塑料; steel|钢
            / Adjusts in seconds|快速调节; Fits every bike|适配各种车型; Withstands rain|防雨
            / Bike Helmet|骑行头盔; Bike Light|自行车灯; Bike Pump|打气筒""",
            """Strength|力量
            / cast iron|铸铁; rubber-coated steel|包胶钢; vinyl|乙烯基; steel|钢
            / Does not roll|防滚动; Protects the floor|保护地板; Grips when wet|湿手防滑
            / Dumbbell|哑铃; Kettlebell|壶铃; Ankle Weight|脚踝负重""",
        ),
        uses=texts("home workouts|居家健身", "marathon training|马拉松训练", "commuting|骑车通勤",
                   "stretching|拉伸", "early mornings|清晨", "team practice|团队训练"),
    ),
    Department(
        name=Text("Electronics", "数码"), price=58, elasticity=-2.5, lift=1.15, peak=330,
        swing=0.15, weekend=0.95, gift=0.9, extra=0.05, weight_g=450,
        categories=_tree(
            """Audio|音频
            / aluminium|铝合金; matte plastic|磨砂塑料; walnut|胡桃木; fabric|织物
            / Pairs with two devices|双设备连接; Long battery life|续航持久; Clear voices|人声清晰
            / Headphones|耳机; Speaker|音箱; Microphone|麦克风""",
            """Computing|电脑配件
            / aluminium|铝合金; recycled plastic|再生塑料; bamboo|竹; steel|钢
            / Quiet in use|静音; Stands firm|稳固不晃; Works without drivers|免驱动
            / Keyboard|键盘; Mouse|鼠标; Laptop Stand|笔记本支架""",
            """Power|电源
            / braided nylon|编织尼龙; tempered glass|钢化玻璃; ceramic|陶瓷; matte plastic|磨砂塑料
            / Charges in an hour|一小时充满; Stays cool|不发烫; Fits a pocket|口袋大小
            / Charger|充电器; Power Bank|充电宝; Extension Lead|插线板""",
            """Smart Home|智能家居
            / white plastic|白色塑料; frosted glass|磨砂玻璃; metal|金属; wood veneer|木饰面
            / Set up in minutes|几分钟完成设置; Two-year warranty|两年质保; Works offline|断网可用
            / Smart Plug|智能插座; Smart Lamp|智能灯; Door Sensor|门窗传感器""",
        ),
        uses=texts("video calls|视频会议", "gaming|游戏", "long flights|长途飞行",
                   "studio work|录音工作", "students|学生", "a tidy desk|整洁桌面"),
    ),
    Department(
        name=Text("Beauty and Care", "美妆个护"), price=14, elasticity=-1.2, lift=1.3, peak=60,
        swing=0.08, weekend=1.05, gift=0.5, extra=0.9, weight_g=250,
        categories=_tree(
            """Skin Care|护肤
            / shea butter|乳木果油; aloe vera|芦荟; oat milk|燕麦奶; rosehip|玫瑰果
            / Absorbs quickly|快速吸收; Free of perfume|无香精; Gentle formula|温和配方
            / Face Cream|面霜; Hand Cream|护手霜; Sun Lotion|防晒乳""",
            """Hair Care|护发
            / argan oil|摩洛哥坚果油; green tea|绿茶; rosemary|迷迭香; coconut|椰子
            / Refillable|可替换装; Free of silicone|不含硅油; For every hair type|适合各种发质
            / Shampoo|洗发水; Hair Oil|护发油; Hair Mask|发膜""",
            """Bath|沐浴
            / lavender|薰衣草; sea salt|海盐; cedar|雪松; citrus|柑橘
            / Made in small batches|小批量制作; Wrapped in paper|纸质包装; Lathers richly|泡沫丰富
            / Soap Bar|香皂; Bath Salt|浴盐; Shower Gel|沐浴露""",
            """Wellbeing|健康
            / eucalyptus|桉树; chamomile|洋甘菊; sandalwood|檀香; peppermint|薄荷
            / Pure and undiluted|纯净未稀释; Fits the bedside|适合床头; Lasts for weeks|持久数周
            / Essential Oil|精油; Room Mist|室内喷雾; Massage Balm|按摩膏""",
        ),
        uses=texts("dry skin|干性肌肤", "sensitive skin|敏感肌", "daily care|日常护理",
                   "a calm evening|放松夜晚", "gym bags|健身包", "gift boxes|礼盒"),
    ),
)  # fmt: skip

COLOURS = texts(
    "black|黑色", "white|白色", "sage green|鼠尾草绿", "navy blue|藏青色", "terracotta red|砖红色",
    "mustard yellow|芥末黄", "grey|灰色", "blush pink|浅粉色", "natural|原色", "sky blue|天蓝色",
    "dark brown|深棕色", "lilac|淡紫色",
)  # fmt: skip
STYLES = texts(
    "classic|经典", "compact|小巧", "large|大号", "slim|纤薄", "handmade|手工", "premium|高级",
    "sturdy|结实", "vintage|复古",
)  # fmt: skip
BRANDS = (
    "Alderby", "Brightwell", "Corvane", "Dunmore", "Elmstead", "Fennick", "Glenhart",
    "Harlow Lane", "Inverdale", "Juniper Row", "Kestrel", "Larkfield", "Mossop", "Northway",
    "Oakhollow", "Pinebury", "Quillon", "Rosedale", "Stonecroft", "Thistle & Co", "Umberley",
    "Valeworth", "Wrenfield", "Yarrow",
)  # fmt: skip

PRAISE = texts(
    "Very good quality|质量很好", "Exactly as described|与描述完全一致", "Love it|非常喜欢",
    "Worth every penny|物超所值", "Better than expected|比预期更好", "Would buy again|会再次购买",
)  # fmt: skip
NEUTRAL = texts(
    "It is fine|还可以", "Does the job|能用", "Average for the price|这个价位一般",
    "Not bad, not great|不好不坏",
)  # fmt: skip
BLAME = texts(
    "Poor quality|质量很差", "Broke after a week|用了一周就坏了", "Not as described|与描述不符",
    "Feels cheap|感觉很廉价", "Disappointed|很失望",
)  # fmt: skip
PUNCTUAL = texts(
    "Fast delivery|发货很快", "Arrived on time|准时送达", "Well packed|包装完好", "|", "|"
)
LATE = texts(
    "Delivery was late|送货太晚了", "Waited days longer than promised|比承诺晚了好几天",
    "Arrived too late for the birthday|没赶上生日", "|",
)  # fmt: skip

QUESTIONS: dict[str, tuple[Text, ...]] = {
    "where_is_my_order": texts(
        "Where is my parcel? It should have arrived already.|我的包裹在哪里？应该早就到了。",
        "My order is late. When will it be delivered?|我的订单晚了，什么时候能送到？",
        "Tracking has not moved for days.|物流信息好几天没有更新了。",
    ),
    "wrong_or_damaged": texts(
        "The item arrived damaged. I would like a replacement.|商品到货时已损坏，我想换一个。",
        "You sent me the wrong colour.|你们发错颜色了。",
        "One part is missing from the box.|盒子里少了一个零件。",
    ),
    "return_refund": texts(
        "How do I send this back and get a refund?|怎么退货退款？",
        "I returned my item but see no refund yet.|我已退货，但还没收到退款。",
    ),
    "product_question": texts(
        "Is this suitable for outdoor use?|这个适合户外使用吗？",
        "When will this be back in stock?|这个什么时候再有货？",
        "Which size should I choose?|我该选哪个尺码？",
    ),
    "cancel_or_change": texts(
        "Please cancel my order.|请取消我的订单。",
        "Can I change the delivery address?|可以修改收货地址吗？",
    ),
}
ANSWERS: dict[str, tuple[Text, ...]] = {
    "where_is_my_order": texts(
        "Sorry for the delay. The carrier expects to deliver in one to two days.|"
        "很抱歉延误，承运商预计一到两天内送达。",
        "I have opened an inquiry with the carrier and will keep you informed.|"
        "我已向承运商发起查询，会及时通知您。",
    ),
    "wrong_or_damaged": texts(
        "I am sorry. A replacement is on its way.|非常抱歉，新的商品已经寄出。",
        "We will refund you in full; please keep the item.|我们会全额退款，商品请您留下。",
    ),
    "return_refund": texts(
        "Here is your return label; the refund follows within five days of arrival.|"
        "这是退货标签，我们收到后五天内退款。",
        "The refund was sent today.|退款已于今天发出。",
    ),
    "product_question": texts(
        "Yes, it is. The product page has all details.|是的，商品页面有详细说明。",
        "We expect new stock soon and can notify you.|预计很快到货，我们可以通知您。",
    ),
    "cancel_or_change": texts(
        "Done, your order is changed as you asked.|已按您的要求修改订单。",
        "The parcel has left already; please refuse it at the door.|包裹已寄出，请直接拒收。",
    ),
}
THANKS = texts("Thank you!|谢谢！", "Great, thanks for the quick help.|太好了，谢谢这么快的帮助。")
