//! What a page lets its readers choose among a few: each has a value in the URL and a name on screen.

/// Declares what can be chosen: `choices! { /// Doc. Grain { /// Doc. Month = "month", "Months"; … } }`. What the URL
/// does not name is the one with `#[default]`.
macro_rules! choices {
    ($(#[$about:meta])* $name:ident { $($(#[$of_one:meta])* $one:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name {
            $($(#[$of_one])* $one),+
        }

        impl $name {
            /// All of them, as they are shown.
            pub const ALL: [Self; [$($key),+].len()] = [$(Self::$one),+];

            /// Its value in the URL.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$one => $key),+
                }
            }

            /// Its name on screen.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$one => $label),+
                }
            }

            /// The one of a key; of any other, the usual one.
            #[must_use]
            pub fn of(key: Option<&str>) -> Self {
                let named = |one: &Self| Some(one.key()) == key;
                Self::ALL.into_iter().find(named).unwrap_or_default()
            }

            /// Their keys with their names, for buttons.
            #[must_use]
            pub fn buttons() -> Vec<(&'static str, String)> {
                Self::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
            }
        }
    };
}
pub(crate) use choices;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro declares what pages share")]
mod tests {
    choices! {
        /// A side.
        Side {
            /// Left.
            Left = "l", "Left side";
            /// Right.
            #[default]
            Right = "r", "Right side";
        }
    }

    #[test]
    fn a_key_names_one_and_nonsense_the_usual_one() {
        assert_eq!(Side::of(Some("l")), Side::Left);
        assert_eq!(Side::of(Some("'")), Side::Right);
        assert_eq!(Side::of(None), Side::Right);
        assert_eq!(Side::buttons()[0], ("l", "Left side".to_owned()));
    }
}
