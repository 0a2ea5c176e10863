"""Words with a fixed meaning: blank, yes and no, new or not, who owns, which class, construction land."""

from __future__ import annotations

import re

import pandas as pd

from landuse.parsing.text import plain

__all__ = [
    "construction_land",
    "is_blank",
    "is_new",
    "is_supply_of_state_land",
    "ownership",
    "says_none",
    "says_not_started",
    "yes_no",
    "zone_class",
]

_BLANK_MARKS = re.compile(r"[-—–―−_/\\.*?~…、,。:;#\s]*")
_BLANK_WORDS = re.compile(
    r"无|空|缺|暂无|暂缺|没有|未知|不详|不明|未定|待定|待填|待补|待补充|待核实|待核|待查|待确定|未填|未填写|未提供|暂未确定"
    r"|无数据|暂无数据|无资料|空白|null|none|nan|nat|n/a|na|#n/a|nil|tbd|unknown|<na>|\(空\)|\(无\)",
)
_NONE_WORDS = re.compile("无|没有|否|不存在|不涉及|none|no")
_YES = re.compile(r"是的?|有|已|对|真|属于|yes|y|true|t|1|1\.0|[√✓✔☑✅]")
_NO = re.compile(r"否|无|未|不|不是|没有?|尚未|非|假|不属于|no|n|false|f|0|0\.0|[×✗✘☒❌╳✕✖]")

_NOT_NEW = re.compile("非新建|改扩建|改建|扩建|技改|技术改造|迁建|搬迁|恢复|单纯购置")
_NEW = re.compile("(?<!非)新建")
_NEW_ENGLISH = {"new": True, "expansion": False, "renovation": False, "relocation": False}

_STATE = re.compile("国有|国家所有|^state|^国$|^g$", re.IGNORECASE)
_COLLECTIVE = re.compile("集体|^collective|^集$|^j$", re.IGNORECASE)
_URBAN = re.compile("市区|城区|^urban", re.IGNORECASE)
_COUNTY = re.compile("县|^county|^rural county", re.IGNORECASE)
_OUTSIDE = re.compile("非|不在|不属|以外|之外|区外")
_IN_NO_ZONE = re.compile("区外|以外|之外|不[在属].*区")

_SUPPLY = re.compile("出让|划拨|招拍挂|挂牌|拍卖|招标|协议|租赁|作价出资|作价入股|授权经营")
_NO_SUPPLY = re.compile("集体|转让|入市|流转|转租|房屋|厂房|拟|未|待|终止|撤销")
_NOT_STARTED = re.compile(
    r"(?:未|没有|没|尚未|暂未)(?:实际|正式|全面)?(?:开工|动工|开发|启动|建设|开建|开始|施工)|[待拟](?:开工|动工|建)"
    r"|not[ _-]?started",
    re.IGNORECASE,
)
_FARM = re.compile(
    "耕地|水田|水浇地|旱地|园地|果园|茶园|橡胶园|林地|草地|农用地|农田|坑塘|沟渠|田坎|河流|湖泊|水面|滩涂|沼泽|湿地"
    "|冰川|盐碱地|沙地|裸|未利用|农村道路|养殖|非建设用地"
)
_BUILT = re.compile(
    "(?<!非)建设用地|工业|工矿|仓储|物流|商服|商业|商务|批发|零售|餐饮|金融|住宅|居住|住房|宅基地|公共管理|公共服务|机关"
    "|新闻出版|教育|科教|科研|医疗|医卫|卫生|文化|文体|体育|公用设施|公共设施|公园|防护绿地|特殊用地|军事|使领馆|监教|宗教"
    "|殡葬|交通运输|交通服务|铁路|轨道交通|公路|街巷|城镇村道路|城市道路|机场|港口|码头|管道运输|水工建筑|空闲地|采矿|盐田"
    "|广场|停车场|办公|厂房|研发|建制镇|村庄"
)
_CODE = re.compile(r"([0-9]{2,4})(?:H[12]|[A-Z])?(?![0-9])")
_CITY_CODE = re.compile(r"(?:R|A|B|M|W|S|U|G)[1-9][0-9]?(?![0-9A-Z])")


def is_blank(text: object) -> bool:
    """Say whether a cell holds nothing: missing, empty, a dash, or a word such as 待定.

    Examples
    --------
    >>> [is_blank(c) for c in (None, float("nan"), " — ", "待定", "N/A", "0", 0)]
    [True, True, True, True, True, False, False]
    """
    if isinstance(text, str):
        words = plain(text).casefold()
        return bool(_BLANK_WORDS.fullmatch(words) or _BLANK_MARKS.fullmatch(words))
    if text is None:
        return True
    missing = pd.isna(text)
    return missing is True or (getattr(missing, "ndim", None) == 0 and bool(missing))


def _words(text: object) -> str:
    return "" if is_blank(text) else plain(text)


def says_none(text: object) -> bool:
    """Say whether a cell says outright that there is none (无, 没有), which an empty cell does not.

    Examples
    --------
    >>> says_none("无"), says_none("")
    (True, False)
    """
    return isinstance(text, str) and _NONE_WORDS.fullmatch(plain(text).casefold()) is not None


def yes_no(text: object) -> bool | None:
    """Read a yes or no; None for anything else, and for a letter x, which is a tick in some forms.

    Examples
    --------
    >>> yes_no("是"), yes_no("×"), yes_no("已"), yes_no("无"), yes_no("部分")
    (True, False, True, False, None)
    """
    if text is None:
        return None
    words = plain(text).casefold()
    return True if _YES.fullmatch(words) else False if _NO.fullmatch(words) else None


def _one_of(words: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    """Return True or False where just one of the patterns is found, else None."""
    found, refused = yes.search(words) is not None, no.search(words) is not None
    return None if found == refused else found


def is_new(text: object) -> bool | None:
    """Read the nature of construction (建设性质): new (新建), not (改建, 扩建, 技改 …), or None.

    Examples
    --------
    >>> is_new("新建"), is_new("改扩建"), is_new("续建")
    (True, False, None)
    """
    words = _words(text)
    if words.casefold() in _NEW_ENGLISH:
        return _NEW_ENGLISH[words.casefold()]
    found = _one_of(words, _NEW, _NOT_NEW)
    return yes_no(words) if found is None and not _NEW.search(words) else found


def ownership(text: object) -> str | None:
    """Read who owns the land: ``"state"``, ``"collective"`` or None.

    Examples
    --------
    >>> ownership("国有建设用地使用权"), ownership("集体土地所有权"), ownership("国有/集体")
    ('state', 'collective', None)
    """
    found = _one_of(_words(text), _STATE, _COLLECTIVE)
    return None if found is None else "state" if found else "collective"


def zone_class(text: object) -> str | None:
    """Read the class of a zone: ``"urban"`` (市区), ``"county"`` (县域) or None.

    Examples
    --------
    >>> zone_class("市区"), zone_class("县域"), zone_class("非市区")
    ('urban', 'county', None)
    """
    words = _words(text)
    if _OUTSIDE.search(words):
        return None
    found = _one_of(words, _URBAN, _COUNTY)
    return None if found is None else "urban" if found else "county"


def says_outside(text: object) -> bool:
    """Say whether words for a zone say that the land lies in none.

    Examples
    --------
    >>> says_outside("集聚区外"), says_outside("洛龙产业集聚区")
    (True, False)
    """
    return _IN_NO_ZONE.search(_words(text)) is not None


def construction_land(text: object) -> bool | None:
    """Read a land use, by name or by code, as construction land or not; None where it does not say.

    Parameters
    ----------
    text : object
        ``"工业用地"``, ``"0601"``, ``"061 工业用地"``, ``"水浇地"`` … A name outweighs a code.

    References
    ----------
    GB/T 21010-2007 and GB/T 21010-2017 土地利用现状分类; classes of the third national land survey.

    Examples
    --------
    >>> construction_land("工业用地"), construction_land("0102"), construction_land("综合")
    (True, False, None)
    """
    words = _words(text).upper()
    farm, built = _FARM.search(words), _BUILT.search(words)
    if farm or built:
        return None if farm and built else built is not None
    if "设施农" in words:
        return False
    code = _CODE.match(words)
    if code:
        return _by_code(code[1])
    return True if _CITY_CODE.match(words) else None


def _by_code(code: str) -> bool | None:
    """Tell construction land by a land-use code of two to four digits."""
    if len(code) == 3 and code[0] in "56789":
        code = "0" + code
    if code[:2] in ("00", "01", "02", "03", "04"):
        return False
    if code[:2] in ("05", "06", "07", "08", "09"):
        return True
    if code in ("20", "201", "202", "203", "204", "205"):
        return True
    if len(code) == 3:
        built = {"10": code != "104", "11": code == "118", "12": code == "121"}
    elif len(code) == 4:
        built = {"10": code != "1006", "11": code == "1109", "12": code == "1201"}
    else:
        return None
    return built.get(code[:2])


def is_supply_of_state_land(text: object) -> bool:
    """Say whether a mode of supply (出让, 划拨 …) is one by which only state-owned land is supplied.

    Examples
    --------
    >>> is_supply_of_state_land("挂牌出让"), is_supply_of_state_land("集体经营性建设用地入市")
    (True, False)
    """
    words = _words(text)
    return bool(_SUPPLY.search(words)) and not _NO_SUPPLY.search(words)


def says_not_started(text: object) -> bool:
    """Say whether a cell says that construction has not started.

    Examples
    --------
    >>> says_not_started("未开工"), says_not_started("尚未竣工")
    (True, False)
    """
    words = _words(text)
    return bool(_NOT_STARTED.search(words)) or words in ("尚未", "未")
