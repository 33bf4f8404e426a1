//! What a visit keeps on the device, so that the next one opens at once: the tables that pages read, the answers they
//! were given, the reports (`docs/decisions/0169-second-visit.md`).

mod answers;
#[cfg(target_arch = "wasm32")]
mod copy;
#[cfg(target_arch = "wasm32")]
mod device;
mod manifest;
#[cfg(target_arch = "wasm32")]
mod packing;
mod relations;
mod room;
#[cfg(target_arch = "wasm32")]
mod run;
#[cfg(target_arch = "wasm32")]
mod standing;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod whole;
#[cfg(target_arch = "wasm32")]
mod writing;

pub use answers::{Answers, LONGEST_ANSWER, MOST_ANSWERS, file_of};
#[cfg(target_arch = "wasm32")]
pub use device::{Keeper, Keeping};
pub use manifest::{CopyFault, CopyKey, CopyManifest, KeptFile, KeptTable};
pub use relations::{KEPT, is_of_kept_schemas, read_from};
pub use room::{StoredCopy, most_bytes, to_delete};
#[cfg(target_arch = "wasm32")]
pub(super) use standing::{Asked, Kept};
#[cfg(target_arch = "wasm32")]
pub use writing::keep_results;
