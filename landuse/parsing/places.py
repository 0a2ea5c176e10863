"""Names of provinces, cities and counties at the head of a name.

References
----------
Names: GB/T 2260 (provinces, cities at prefecture level; of counties only those of Luoyang, with those given
up in 2021). That a company's name begins with a place: 企业名称登记管理规定 (State Council
Order 734 of 2020), article 6.
"""

from __future__ import annotations

import re

__all__ = ["COUNTRY", "cut_places", "is_place", "province_of"]

COUNTRY = "中国"
_CITIES = {
    "北京": "",
    "天津": "",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 吉林 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "上海": "",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 "
    "潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "重庆": "",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 "
    "阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "西宁 海东 海北 黄南 海南 果洛 玉树 海西",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰",
}
_MUNICIPAL = {"北京", "天津", "上海", "重庆"}
_CITY_IN = {city: province for province, cities in _CITIES.items() for city in cities.split()}
_LUOYANG = {
    "老城区": "老城", "西工区": "西工", "瀍河回族区": "瀍河", "瀍河区": "瀍河", "涧西区": "涧西",
    "洛龙区": "洛龙", "偃师区": "偃师", "偃师市": "偃师", "孟津区": "孟津", "孟津县": "孟津",
    "吉利区": "吉利", "新安县": "新安", "栾川县": "栾川", "嵩县": "嵩县", "汝阳县": "汝阳",
    "宜阳县": "宜阳", "洛宁县": "洛宁", "伊川县": "伊川", "伊滨区": "伊滨", "瀍河": "瀍河", "涧西": "涧西",
    "洛龙": "洛龙", "偃师": "偃师", "孟津": "孟津", "栾川": "栾川", "汝阳": "汝阳", "宜阳": "宜阳",
    "洛宁": "洛宁", "伊川": "伊川",
}  # fmt: skip
"""Counties and districts of Luoyang; bare only where the word means nothing else (新安, 吉利, 老城 do)."""

_ORDINARY = frozenset(
    (
        *("阿里", "安康", "兴安", "金昌", "海东", "海西", "海北", "山南", "长治", "安顺", "吉安", "泰安"),
        *("黄山", "红河", "文山", "白银", "宝鸡"),
    )
)
"""Cities whose bare name is an ordinary word or brand: they count only with 市 (or the like) behind them."""

_PROVINCE_TAIL = re.compile("省|(?:壮族|回族|维吾尔)?自治区|市(?![场政民容属立区])")
_CITY_TAIL = re.compile("市(?![场政民容属立区])|地区|盟|(?:[一-鿿]{2,7}族)?自治州")
_COUNTY = re.compile("([一-鿿]{1,3}?)(自治县|县|旗|区|市)")
_ALONE = re.compile("([一-鿿]{2})(县|市)(?![场政民容属立区域])")
_NO_COUNTY = re.compile(
    "[园新社小城矿厂景库校特地片集税范发山林市郊][区]|[城都超门夜股上集楼书花菜街早全本房]市|开发区"
)
_LEAST = 2
"""What must remain of a name once its place is cut off [characters]."""


def province_of(place: str) -> str | None:
    """Return the province that a place lies in, as far as this list knows it.

    Examples
    --------
    >>> province_of("洛阳"), province_of("偃师"), province_of("河南"), province_of("义乌")
    ('河南', '河南', '河南', None)
    """
    if place in _CITIES:
        return place
    return "河南" if place in _LUOYANG.values() else _CITY_IN.get(place)


def is_place(text: str) -> bool:
    """Say whether a text is nothing but the name of a place."""
    return cut_places(text + "的" * _LEAST)[1] == "的" * _LEAST


def cut_places(text: str) -> tuple[tuple[str, ...], str]:
    """Cut the places off the head of a name.

    Parameters
    ----------
    text : str
        A name in simplified characters, without brackets.

    Returns
    -------
    tuple of (tuple of str, str)
        The places without their rank (洛阳市 is 洛阳), the widest first, and what is left: at least two
        characters, else nothing is cut.

    Examples
    --------
    >>> cut_places("河南省洛阳市偃师区恒泰机械")
    (('河南', '洛阳', '偃师'), '恒泰机械')
    >>> cut_places("洛阳城市建设"), cut_places("恒泰机械")
    ((('洛阳',), '城市建设'), ((), '恒泰机械'))
    """
    places: list[str] = []
    rest = text
    if rest.startswith(COUNTRY) and len(rest) >= len(COUNTRY) + _LEAST:
        places.append(COUNTRY)
        rest = rest[len(COUNTRY) :]
    province, rest = _known(rest, _CITIES, (3, 2), _PROVINCE_TAIL)
    if province == "吉林" and text.find("吉林市") == text.find("吉林"):
        province, rest = None, text[text.find("吉林") :]
    city, rest = (None, rest) if province in _MUNICIPAL else _city(rest, province)
    places += [place for place in (province, city) if place]
    county, rest = _county(rest, city, bool(province or city))
    return (*places, *([county] if county else [])), rest


def _known(
    text: str, names: dict[str, str], lengths: tuple[int, ...], tail: re.Pattern[str]
) -> tuple[str | None, str]:
    for length in lengths:
        name = text[:length]
        if name in names:
            found = tail.match(text, length)
            end = found.end() if found else length
            if len(text) - end >= _LEAST and not (found is None and name in _ORDINARY):
                return name, text[end:]
    return None, text


def _city(text: str, province: str | None) -> tuple[str | None, str]:
    city, rest = _known(text, _CITY_IN, (5, 4, 3, 2), _CITY_TAIL)
    if city is None or (province is not None and _CITY_IN[city] != province):
        return None, text
    return city, rest


def _county(text: str, city: str | None, placed: bool) -> tuple[str | None, str]:
    """Return a county: of Luoyang by its bare name, any other only with its rank behind it."""
    if city in (None, "洛阳"):
        for length in (5, 3, 2):
            if text[:length] in _LUOYANG and len(text) - length >= _LEAST:
                return _LUOYANG[text[:length]], text[length:]
    found = (_COUNTY if placed else _ALONE).match(text)
    if found is None or _NO_COUNTY.search(found[0]) or len(text) - found.end() < _LEAST:
        return None, text
    return (found[0] if len(found[1]) == 1 else found[1]), text[found.end() :]
