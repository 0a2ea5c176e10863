"""Words that company names are made of: legal forms, branches, trades.

References
----------
企业名称登记管理规定 (State Council Order 734 of 2020), article 6: a name is place, brand (字号), trade
(行业或者经营特点) and form of organisation (组织形式), in this order; 公司法 (2023), article 7 (forms) and
article 13 (a branch is no person of its own). Trades: words of the divisions and groups of GB/T 4754-2017,
shortened as companies shorten them.
"""

from __future__ import annotations

import re

__all__ = ["BRANCH", "FORMS", "FORM_ENDS", "GROUP", "TRADES", "form_of"]

FORMS = {
    "company": "公司 总公司 有限公司 有限责任公司 股份公司 股份有限公司 股份有限责任公司 集团公司",
    "partnership": "合伙企业 有限合伙 普通合伙 特殊普通合伙 有限合伙企业 普通合伙企业",
    "sole": "个人独资企业 个人独资",
    "household": "个体工商户 个体户 个体经营 个体",
    "factory": "厂 总厂",
    "cooperative": "专业合作社 农民专业合作社 专业合作联社 经济合作社 股份经济合作社 经济联合社 合作社",
    "village": "村民委员会 村委会 居民委员会 居委会 村民小组",
    "office": "管理委员会 管委会 人民政府",
}
"""Forms of organisation and the words that end a name for each."""

GROUP = "集团"
_KIND = {word: form for form, words in FORMS.items() for word in words.split()} | {GROUP: ""}
FORM_ENDS = re.compile("(" + "|".join(sorted(_KIND, key=len, reverse=True)) + ")$")


def form_of(word: str) -> str:
    """Return the form of organisation that a word at the end of a name stands for; a mere group has none."""
    return _KIND[word]


BRANCH = re.compile(
    "^(?P<head>.*(?:公司|集团|厂|银行|合作社))(?P<name>(?:(?!公司|集团).)*?)"
    "(?:分公司|支公司|分厂|分店|分行|支行|营业部|办事处|项目部|经理部|分部)$|"
    "^(?P<bare>.+?)(?:分公司|支公司|分厂|分店|分行|支行)$"
)
"""A branch: what it is a branch of, and its own name."""

_TRADES = """
科技 技术 高科 高新 高新技术 新技术 电子 电器 电气 电力 电机 电缆 电线 电源 电池 电信 电讯 电影 电商
电子商务 机电 机械 机床 机电设备 机器人 装备 设备 仪器 仪表 轴承 齿轮 模具 阀门 水泵 泵业 风机 锅炉 汽车
汽配 车辆 车业 车轮 摩托车 拖拉机 船舶 船厂 航空 航天 飞机 直升机 铁路 铁道 交通 运输 航运 海运 物流 仓储
港口 港务 货运 客运 快递 供应链 冶金 钢铁 特钢 钢管 钢构 钢结构 重工 铝材 铜材 有色 有色金属 稀有金属 金属
不锈钢 耐火材料 耐材 磨料 磨具 玻璃 玻璃钢 陶瓷 水泥 混凝土 商砼 建材 石材 砖瓦 化工 化学 化纤 化肥 农药
石化 石油 石油化工 炼油 天然气 燃气 燃料 煤炭 煤业 煤电 煤化工 焦化 矿山 采矿 选矿 矿产 资源 新材料 材料
复合材料 橡胶 塑料 塑胶 塑业 涂料 包装 包装材料 印刷 造纸 纸品 彩印 家具 家居 家纺 家电 厨具 木材 木业
竹木 纺织 印染 服装 服饰 针织 皮革 鞋帽 食品 粮油 面粉 饮料 饮品 啤酒 白酒 乳品 肉类 农牧 养殖 种植 饲料
种子 种业 园艺 园林 绿化 景观 苗木 农业 生态 生态农业 农林 林产 渔业 牧业 水产 农产品 医药 药品 制药 中药
药材 医疗 医疗器械 器械 生物 生物科技 生物工程 基因 健康 养老 体检 环保 环境 节能 新能源 能源 光伏 光电
光学 太阳能 风电 水电 热电 热力 供热 供水 水务 水利 水泥制品 污水 固废 再生资源 建设 建筑 建工 建安 工程
路桥 市政 安装 装饰 装修 装潢 幕墙 房地产 地产 不动产 置业 物业 开发 房产 城建 城投 基础设施 勘察 勘测
测绘 设计 规划 监理 咨询 顾问 检测 认证 检验 研究 软件 信息 信息技术 网络 互联网 数据 大数据 数字 数码
智能 智慧 人工智能 通信 通讯 半导体 集成电路 微电子 芯片 激光 自动化 控制 控制系统 系统 系统集成 安防 消防
照明 传媒 文化 影视 出版 广告 广电 动漫 游戏 娱乐 旅游 酒店 宾馆 餐饮 商贸 贸易 商业 商务 百货 超市 商场
购物 零售 批发 连锁 外贸 进出口 国际贸易 工贸 科工贸 商厦 市场 投资 投资控股 控股 集团 股份 实业 产业 企业
事业 金融 金控 租赁 担保 证券 基金 保险 银行 信托 典当 资本 资产 资产管理 管理 服务 经营 运营 发展 制造
制品 加工 生产 销售 供销 经销 营销 工业 工业园 产业园 科技园 教育 培训 体育 卫生 保健 保健品 日化 用品
文具 玩具 珠宝 黄金 首饰 工艺 工艺品 艺术 创意 展览 展示 会展 国际 联合 综合 中心 农机 农业机械 农业科技
工程机械 矿山机械 重型机械 精密 精密机械 特种 特种材料 数控 传动 传热 制冷 空调 液压 铸造 锻造 热处理
紧固件 密封件 标准件 零部件 配件 五金 工具 制药厂 饮食 食用菌 屠宰 冷链 冷藏 冷库 采石 砂石 预制件 管业
管道 管材 型材
"""
_TRADE_SUFFIX = "[药矿钨钼铝铜纸酒乳置实产农渔牧林鞋泵车钛锌糖胶肥塑钢铁电油盐茶旅物商船轴锻铸门窗瓷陶]业"
TRADES = re.compile("|".join(sorted(_TRADES.split(), key=len, reverse=True)) + "|" + _TRADE_SUFFIX)
"""A word that says what a company does, not which company it is."""
