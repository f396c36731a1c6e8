//! Enums of which each value has a stable word in payloads and a Chinese name on screens.

/// Declares such an enum; a value may carry `#[default]` where `Default` is derived.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$of:meta])* $value:ident = $code:literal, $title:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$of])* #[serde(rename = $code)] $value,)* }

        impl $name {
            /// All, in their order.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$value),*];

            /// Stable word.
            pub fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// From the stable word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.code() == code)
            }

            /// Chinese name.
            pub fn title(self) -> &'static str {
                match self { $(Self::$value => $title,)* }
            }
        }
    };
}

pub(crate) use named;
