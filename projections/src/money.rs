//! Money: a decimal amount and the currency it is in. Never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most digits after the point that an amount may have.
pub const AMOUNT_SCALE_MAX: u32 = 8;
/// The most digits before the point that an amount may have.
pub const AMOUNT_DIGITS_MAX: usize = 15;

/// The first whole number that has too many digits.
const DIGITS_BOUND: i128 = 10_i128.pow(15);

/// Why something is not money. Reads on from "the amount ..." or "the currency ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoney {
    /// Not plain decimal digits with at most one point.
    #[error("`{0}` is not a decimal number such as \"12500.00\"")]
    NotDecimal(String),
    /// Below zero.
    #[error(
        "`{0}` is negative: amounts are 0 or more; a return, a refund or a payment has its own event type"
    )]
    Negative(String),
    /// Too many digits before or after the point.
    #[error("`{0}` has more than {AMOUNT_DIGITS_MAX} digits before the point or {AMOUNT_SCALE_MAX} after it")]
    TooPrecise(String),
    /// Not three capital letters.
    #[error("`{0}` is not a currency code: three capital letters such as CNY")]
    NotCurrency(String),
}

/// An ISO 4217 code by shape: three capital letters. Whether a rate is known for it is asked when a figure
/// needs it, since a ledger must keep what it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Takes a text as a currency code.
    ///
    /// # Errors
    /// [`InvalidMoney::NotCurrency`] unless it is three capital letters A to Z.
    pub fn new(code: &str) -> Result<Self, InvalidMoney> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(InvalidMoney::NotCurrency(code.to_owned())),
        }
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidMoney;
    fn try_from(code: String) -> Result<Self, InvalidMoney> {
        Self::new(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A decimal number of 0 or more, exactly as it was written (`12500.00` keeps its zeros).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(Decimal);

impl Amount {
    /// Reads a decimal number of 0 or more.
    ///
    /// # Errors
    /// [`InvalidMoney`] when the text is no plain decimal, is negative, or has too many digits.
    pub fn new(text: &str) -> Result<Self, InvalidMoney> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(InvalidMoney::NotDecimal(text.chars().take(40).collect()));
        }
        if whole.len() > AMOUNT_DIGITS_MAX || fraction.len() > AMOUNT_SCALE_MAX as usize {
            return Err(InvalidMoney::TooPrecise(text.chars().take(40).collect()));
        }
        let value = Decimal::from_str_exact(text).map_err(|_| InvalidMoney::NotDecimal(text.to_owned()))?;
        if value.is_sign_negative() && !value.is_zero() {
            return Err(InvalidMoney::Negative(text.to_owned()));
        }
        Ok(Self(value.abs()))
    }

    /// The exact value.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Its digits, and how many of them stand after the point.
    pub(crate) fn parts(self) -> (u128, u8) {
        (self.0.mantissa().unsigned_abs(), u8::try_from(self.0.scale()).unwrap_or(u8::MAX))
    }

    /// Puts back what [`Amount::parts`] gave; `None` when those are not the digits of an amount.
    pub(crate) fn of_parts(digits: u128, scale: u8) -> Option<Self> {
        let scale = u32::from(scale);
        let digits = i128::try_from(digits).ok()?;
        let fits = scale <= AMOUNT_SCALE_MAX && digits / 10_i128.pow(scale) < DIGITS_BOUND;
        fits.then(|| Decimal::try_from_i128_with_scale(digits, scale).ok().map(Self)).flatten()
    }
}

impl TryFrom<String> for Amount {
    type Error = InvalidMoney;
    fn try_from(text: String) -> Result<Self, InvalidMoney> {
        Self::new(&text)
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> String {
        amount.0.to_string()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An amount of a currency. On the wire `{"amount":"12500.00","currency":"CNY"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How much, 0 or more.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// Nothing of a currency.
    pub fn zero(currency: Currency) -> Self {
        Self { amount: Amount::default(), currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl std::str::FromStr for Money {
    type Err = InvalidMoney;

    /// Reads the form that [`Display`](fmt::Display) writes: `12500.00 CNY`.
    fn from_str(text: &str) -> Result<Self, InvalidMoney> {
        let (amount, currency) =
            text.split_once(' ').ok_or_else(|| InvalidMoney::NotCurrency(text.to_owned()))?;
        Ok(Self { amount: Amount::new(amount)?, currency: Currency::new(currency)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimals_of_zero_or_more() {
        for text in ["0", "12500.00", "0.00000001", "999999999999999.99999999"] {
            assert_eq!(Amount::new(text).unwrap().to_string(), text);
        }
        for text in ["", ".5", "5.", "1e3", "+1", "1,000", "NaN", " 1", "１２"] {
            assert!(matches!(Amount::new(text), Err(InvalidMoney::NotDecimal(_))), "{text:?}");
        }
        assert!(matches!(Amount::new("-0.01"), Err(InvalidMoney::Negative(_))));
        assert_eq!(Amount::new("-0").unwrap().to_string(), "0");
        assert!(matches!(Amount::new("1.123456789"), Err(InvalidMoney::TooPrecise(_))));
        assert!(matches!(Amount::new("1000000000000000"), Err(InvalidMoney::TooPrecise(_))));
    }

    #[test]
    fn a_json_number_is_no_amount() {
        assert!(serde_json::from_str::<Money>(r#"{"amount":12.5,"currency":"CNY"}"#).is_err());
        let money: Money = serde_json::from_str(r#"{"amount":"12.50","currency":"CNY"}"#).unwrap();
        assert_eq!(money.to_string(), "12.50 CNY");
        assert_eq!("12.50 CNY".parse(), Ok(money));
    }

    #[test]
    fn currencies_are_three_capital_letters() {
        assert!(Currency::new("CNY").is_ok());
        for code in ["cny", "CN", "CNYX", "人", ""] {
            assert!(Currency::new(code).is_err(), "{code}");
        }
    }
}
