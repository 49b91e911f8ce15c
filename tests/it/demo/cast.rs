//! Who plays: the accounts, our people, and the people on the other side.

use serde_json::{Value, json};

/// An account as it is opened.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) industry: &'static str,
    pub(super) region: &'static str,
    pub(super) segment: &'static str,
    pub(super) size: &'static str,
    pub(super) owner: &'static str,
    pub(super) currency: &'static str,
}

/// Our people: solution sales, delivery, service and the sponsor stand behind every owner.
pub(super) const SOLUTION: [&str; 2] = ["xu.qiang", "daniel.roth"];
pub(super) const DELIVERY: [&str; 2] = ["wu.tao", "anna.keller"];
pub(super) const SERVICE: [&str; 2] = ["he.jing", "tom.price"];
pub(super) const SPONSOR: &str = "liu.hong";

const SURNAMES: [(&str, &str); 20] = [
    ("wang", "王"),
    ("li", "李"),
    ("zhang", "张"),
    ("liu", "刘"),
    ("chen", "陈"),
    ("yang", "杨"),
    ("huang", "黄"),
    ("zhao", "赵"),
    ("wu", "吴"),
    ("zhou", "周"),
    ("xu", "徐"),
    ("sun", "孙"),
    ("ma", "马"),
    ("zhu", "朱"),
    ("hu", "胡"),
    ("guo", "郭"),
    ("he", "何"),
    ("lin", "林"),
    ("gao", "高"),
    ("luo", "罗"),
];
const GIVEN: [(&str, &str); 16] = [
    ("jianguo", "建国"),
    ("xiuying", "秀英"),
    ("zhiqiang", "志强"),
    ("lihua", "丽华"),
    ("haifeng", "海峰"),
    ("mei", "梅"),
    ("guoqing", "国庆"),
    ("yan", "燕"),
    ("weidong", "卫东"),
    ("jing", "静"),
    ("tao", "涛"),
    ("xiaoli", "晓丽"),
    ("yong", "勇"),
    ("na", "娜"),
    ("minghui", "明辉"),
    ("fang", "芳"),
];
const FIRST: [&str; 14] = [
    "Karl", "Sarah", "Thomas", "Ingrid", "Michael", "Laura", "Peter", "Hannah", "James", "Sofia", "Erik",
    "Grace", "Lukas", "Priya",
];
const LAST: [&str; 14] = [
    "Meier",
    "Olsen",
    "Parker",
    "Vogel",
    "Tan",
    "Hughes",
    "Brandt",
    "Novak",
    "Reyes",
    "Lindqvist",
    "Shah",
    "Weber",
    "Carter",
    "Lim",
];

impl Account {
    /// A person on the other side: alias and name, another one for every number.
    pub(super) fn person(&self, number: usize) -> (String, String) {
        if self.abroad() {
            let number = number % 196;
            let (first, last) = (FIRST[(number * 7 + number / 14) % 14], LAST[number % 14]);
            return (format!("{}.{}", first.to_lowercase(), last.to_lowercase()), format!("{first} {last}"));
        }
        let ((surname, family), (given, own)) =
            (SURNAMES[number % 20], GIVEN[(number * 7 + number / 20) % 16]);
        (format!("{surname}.{given}"), format!("{family}{own}"))
    }

    pub(super) fn abroad(&self) -> bool {
        self.currency != "CNY"
    }

    /// What the opening says.
    pub(super) fn opening(&self, parent: Option<&str>) -> Value {
        let ownership = match self.id.len() % 3 {
            0 => "state",
            1 => "private",
            _ => "listed",
        };
        let mut data = json!({
            "name": self.name, "industry": self.industry, "region": self.region, "segment": self.segment,
            "size": self.size, "traits": { "ownership": ownership },
        });
        if let Some(parent) = parent {
            data["parent"] = parent.into();
        }
        data
    }
}

macro_rules! accounts {
    ($($id:literal $name:literal $industry:literal $region:literal $segment:literal $size:literal $owner:literal $currency:literal;)+) => {
        /// Everybody we deal with.
        pub(super) const ACCOUNTS: &[Account] = &[$(Account {
            id: $id, name: $name, industry: $industry, region: $region, segment: $segment, size: $size,
            owner: $owner, currency: $currency,
        },)+];
    };
}

accounts! {
    "baoling" "宝岭特钢" "steel" "华东" "heavy" "5000+" "li.wei" "CNY";
    "baoling-group" "宝岭集团" "steel" "华东" "heavy" "5000+" "liu.hong" "CNY";
    "baoling-stainless" "宝岭不锈钢" "steel" "华南" "heavy" "1000-4999" "li.wei" "CNY";
    "nordwind" "Nordwind Turbinen" "wind power" "Europe" "energy" "1000-4999" "emma.koch" "EUR";
    "lihua" "丽华制药" "pharma" "华东" "process" "1000-4999" "zhang.min" "CNY";
    "kaida" "凯达汽车零部件" "automotive" "华东" "discrete" "500-999" "chen.jie" "CNY";
    "beiguo" "北国饮料" "beverages" "东北" "process" "500-999" "zhang.min" "CNY";
    "stellar" "Stellar Battery" "batteries" "North America" "energy" "500-999" "david.miller" "USD";
    "hengtong" "恒通线缆" "cables" "华东" "discrete" "500-999" "li.wei" "CNY";
    "taiyue" "太岳矿机" "mining" "华北" "heavy" "5000+" "wang.fang" "CNY";
    "sunrise" "Sunrise Foods" "food" "Southeast Asia" "process" "500-999" "david.miller" "USD";
    "qingyu-port" "青屿港机" "ports" "华东" "heavy" "1000-4999" "wang.fang" "CNY";
    "riyu-port" "日屿港务" "ports" "华东" "heavy" "1000-4999" "wang.fang" "CNY";
    "jinyuan" "金原纺织" "textiles" "华东" "process" "100-499" "chen.jie" "CNY";
    "hualing-pump" "华岭水泵" "pumps" "华北" "discrete" "100-499" "zhao.lei" "CNY";
    "lanyang" "蓝洋泵业" "pumps" "华北" "discrete" "500-999" "zhao.lei" "CNY";
    "zhuoyuan" "卓原电子" "electronics" "华南" "discrete" "1000-4999" "sun.yan" "CNY";
    "hanyuan" "瀚原半导体" "electronics" "华东" "discrete" "1000-4999" "sun.yan" "CNY";
    "minyuan" "闽原造纸" "paper" "华南" "process" "500-999" "sun.yan" "CNY";
    "tianling" "天岭水泥" "cement" "西北" "heavy" "1000-4999" "zhao.lei" "CNY";
    "changling" "长岭药业" "pharma" "东北" "process" "500-999" "zhang.min" "CNY";
    "dongling" "东岭轴承" "automotive" "华中" "discrete" "500-999" "chen.jie" "CNY";
    "jiangyuan" "江原石油装备" "oil and gas" "华中" "heavy" "1000-4999" "zhao.lei" "CNY";
    "xinhe" "新禾农机" "machinery" "华中" "discrete" "500-999" "chen.jie" "CNY";
    "yunluan" "云峦铝业" "aluminium" "西南" "heavy" "1000-4999" "wang.fang" "CNY";
    "shuyuan" "蜀原乳业" "food" "西南" "process" "500-999" "zhang.min" "CNY";
    "boyu" "渤屿化工" "chemicals" "华北" "process" "1000-4999" "wang.fang" "CNY";
    "pengcheng" "鹏程物流装备" "logistics" "华南" "discrete" "500-999" "sun.yan" "CNY";
    "ruifeng" "瑞丰包装" "packaging" "华东" "discrete" "100-499" "chen.jie" "CNY";
    "hailan" "海蓝水务" "water" "华南" "process" "500-999" "sun.yan" "CNY";
    "alpine" "Alpine Cableways" "ropeways" "Europe" "discrete" "100-499" "emma.koch" "EUR";
    "talglas" "Talglas" "glass" "Europe" "process" "500-999" "emma.koch" "EUR";
    "sundby" "Sundby Shipyards" "shipbuilding" "Europe" "heavy" "1000-4999" "emma.koch" "EUR";
    "redwood" "Redwood Pulp & Paper" "paper" "North America" "process" "1000-4999" "david.miller" "USD";
    "delta" "Delta Cement" "cement" "Southeast Asia" "heavy" "500-999" "david.miller" "USD";
    "lakeside" "Lakeside Castings" "foundry" "North America" "heavy" "500-999" "david.miller" "USD";
}

pub(super) fn account(id: &str) -> &'static Account {
    ACCOUNTS.iter().find(|account| account.id == id).unwrap_or_else(|| panic!("no account {id}"))
}
