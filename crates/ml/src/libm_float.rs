//! A number whose exponential is the same on every machine.
//!
//! smartcore is generic over its numbers. With `f64` it takes the platform's `exp`, `ln` and `pow`,
//! which differ in the last bits between a native build and WebAssembly; with [`LibmFloat`] it takes
//! those of `libm`, as everything else here does (docs/decisions/0107-smartcores-numbers.md).

use std::num::FpCategory;

use derive_more::{
    Add, AddAssign, Display, Div, DivAssign, Mul, MulAssign, Neg, Product, Rem, Sub, SubAssign, Sum,
};
use num_derive::{FromPrimitive, Num, NumCast, One, ToPrimitive, Zero};
use num_traits::{Bounded, Float, Signed};
use smartcore::numbers::basenum::Number;
use smartcore::numbers::floatnum::FloatNumber;
use smartcore::numbers::realnum::RealNumber;

use super::boosting::logistic;

/// An `f64` with the functions of `libm`.
#[rustfmt::skip]
#[derive(
    Debug, Display, Clone, Copy, PartialEq, PartialOrd,
    Add, Sub, Mul, Div, Rem, Neg, AddAssign, SubAssign, MulAssign, DivAssign, Sum, Product,
    Num, NumCast, One, Zero, FromPrimitive, ToPrimitive,
)]
#[mul(forward)]
#[div(forward)]
#[rem(forward)]
#[mul_assign(forward)]
#[div_assign(forward)]
pub(super) struct LibmFloat(pub(super) f64);

impl Number for LibmFloat {}

impl Bounded for LibmFloat {
    fn min_value() -> Self {
        Self(f64::MIN)
    }

    fn max_value() -> Self {
        Self(f64::MAX)
    }
}

impl Signed for LibmFloat {
    fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    fn abs_sub(&self, other: &Self) -> Self {
        Self(libm::fdim(self.0, other.0))
    }

    fn signum(&self) -> Self {
        Self(self.0.signum())
    }

    fn is_positive(&self) -> bool {
        self.0.is_sign_positive()
    }

    fn is_negative(&self) -> bool {
        self.0.is_sign_negative()
    }
}

/// Functions of one number: each by the name of the trait and the function behind it.
macro_rules! of_one {
    ($($name:ident = $function:path),* $(,)?) => {$(
        fn $name(self) -> Self {
            Self($function(self.0))
        }
    )*};
}

/// The same, of two numbers.
macro_rules! of_two {
    ($($name:ident = $function:path),* $(,)?) => {$(
        fn $name(self, other: Self) -> Self {
            Self($function(self.0, other.0))
        }
    )*};
}

/// Constants.
macro_rules! constants {
    ($($name:ident = $value:expr),* $(,)?) => {$(
        fn $name() -> Self {
            Self($value)
        }
    )*};
}

/// Questions.
macro_rules! asked {
    ($($name:ident),* $(,)?) => {$(
        fn $name(self) -> bool {
            self.0.$name()
        }
    )*};
}

impl Float for LibmFloat {
    constants! {
        nan = f64::NAN,
        infinity = f64::INFINITY,
        neg_infinity = f64::NEG_INFINITY,
        neg_zero = -0.0,
        min_value = f64::MIN,
        min_positive_value = f64::MIN_POSITIVE,
        max_value = f64::MAX,
        epsilon = f64::EPSILON,
    }

    asked!(
        is_nan,
        is_infinite,
        is_finite,
        is_normal,
        is_sign_positive,
        is_sign_negative
    );

    of_one! {
        floor = libm::floor,
        ceil = libm::ceil,
        round = libm::round,
        trunc = libm::trunc,
        fract = f64::fract,
        abs = libm::fabs,
        signum = f64::signum,
        recip = f64::recip,
        sqrt = libm::sqrt,
        cbrt = libm::cbrt,
        exp = libm::exp,
        exp2 = libm::exp2,
        exp_m1 = libm::expm1,
        ln = libm::log,
        ln_1p = libm::log1p,
        log2 = libm::log2,
        log10 = libm::log10,
        sin = libm::sin,
        cos = libm::cos,
        tan = libm::tan,
        asin = libm::asin,
        acos = libm::acos,
        atan = libm::atan,
        sinh = libm::sinh,
        cosh = libm::cosh,
        tanh = libm::tanh,
        asinh = libm::asinh,
        acosh = libm::acosh,
        atanh = libm::atanh,
    }

    of_two! {
        powf = libm::pow,
        hypot = libm::hypot,
        atan2 = libm::atan2,
        max = libm::fmax,
        min = libm::fmin,
        abs_sub = libm::fdim,
    }

    fn classify(self) -> FpCategory {
        self.0.classify()
    }

    fn powi(self, power: i32) -> Self {
        Self(libm::pow(self.0, f64::from(power)))
    }

    fn log(self, base: Self) -> Self {
        self.ln() / base.ln()
    }

    fn mul_add(self, factor: Self, summand: Self) -> Self {
        Self(libm::fma(self.0, factor.0, summand.0))
    }

    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    fn integer_decode(self) -> (u64, i16, i8) {
        self.0.integer_decode()
    }
}

/// What smartcore's two traits of real numbers share.
macro_rules! real {
    () => {
        fn copysign(self, sign: Self) -> Self {
            Self(libm::copysign(self.0, sign.0))
        }

        fn ln_1pe(self) -> Self {
            // Beyond, the exponential swallows the one, and soon the largest number.
            if self.0 > 15.0 {
                self
            } else {
                Self(libm::log1p(libm::exp(self.0)))
            }
        }

        fn sigmoid(self) -> Self {
            Self(logistic(self.0))
        }

        /// Never asked for where results are made: smartcore draws from a generator of its own.
        fn rand() -> Self {
            Self(<f64 as RealNumber>::rand())
        }

        fn two() -> Self {
            Self(2.0)
        }

        fn half() -> Self {
            Self(0.5)
        }

        fn to_f32_bits(self) -> u32 {
            RealNumber::to_f32_bits(self.0)
        }
    };
}

impl FloatNumber for LibmFloat {
    real!();
}

impl RealNumber for LibmFloat {
    real!();

    fn to_f64_bits(self) -> u64 {
        self.0.to_bits()
    }
}
