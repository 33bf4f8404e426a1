//! Bytes compressed and back, by the browser's own gzip.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableWritablePair, Response};

const FORMAT: &str = "gzip";

#[wasm_bindgen]
extern "C" {
    // `web-sys` has them behind a flag of the compiler only.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Compresses bytes.
pub(super) async fn packed(bytes: &Uint8Array) -> Result<Uint8Array, JsValue> {
    let filter = CompressionStream::new(FORMAT)?;
    through(bytes, &filter).await
}

/// Gives back what was compressed.
pub(super) async fn unpacked(bytes: &Uint8Array) -> Result<Uint8Array, JsValue> {
    let filter = DecompressionStream::new(FORMAT)?;
    through(bytes, &filter).await
}

async fn through(bytes: &Uint8Array, filter: &ReadableWritablePair) -> Result<Uint8Array, JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(bytes))?;
    let stream = blob.stream().pipe_through(filter);
    let response = Response::new_with_opt_readable_stream(Some(&stream))?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()))
}
