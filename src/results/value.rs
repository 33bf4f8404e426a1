//! Any value of a result, whatever its type: read once, written as text or as JSON.

/// A value, free of the array that held it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    /// A whole number of up to 128 bits.
    Whole(i128),
    Single(f32),
    Double(f64),
    Decimal {
        unscaled: i128,
        scale: i8,
    },
    /// Text, and what is only ever written: blobs, times of day, intervals, longer whole numbers.
    Text(String),
    /// Days after 1970-01-01; the ends of `i32` are infinite.
    Date(i64),
    /// Units after 1970-01-01T00:00:00 UTC; the ends of `i64` are infinite.
    Timestamp {
        units: i64,
        per_second: i64,
        has_zone: bool,
    },
    List(Vec<Self>),
    /// Members by name.
    Struct(Vec<(String, Self)>),
    /// The members of a struct without names.
    Tuple(Vec<Self>),
    Map(Vec<(Self, Self)>),
    /// The member that a union holds.
    Union(Box<Self>),
}
