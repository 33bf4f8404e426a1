//! The worker's side: fits one model after the other until it is ended.

use std::collections::BTreeMap;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{LearningRequest, LearningResponse, Written, entropy};
use crate::generation::ipc_stream;
use crate::ml::{Frame, Task};
use crate::parameters::Scenario;

/// Listens for requests, says so, and never returns to its caller's work.
pub fn serve_learning() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let (response, buffers) = answer(&answering, &message)
            .unwrap_or_else(|message| (LearningResponse::Failed { message }, Vec::new()));
        post(&answering, &message.get(0), &response, buffers);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its scope.
    on_message.forget();
    post(
        &scope,
        &JsValue::from(0),
        &LearningResponse::Ready,
        Vec::new(),
    );
}

fn answer(
    scope: &DedicatedWorkerGlobalScope,
    message: &Array,
) -> Result<(LearningResponse, Vec<Vec<u8>>), String> {
    let json = message.get(1).as_string().unwrap_or_default();
    let request: LearningRequest =
        serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let learner = request
        .model
        .learner()
        .ok_or("this build has no such model")?;
    let mut inputs = BTreeMap::new();
    for (name, buffer) in request.inputs.iter().zip(message.iter().skip(2)) {
        let bytes = buffer.unchecked_into::<Uint8Array>().to_vec();
        let frame = Frame::from_file(bytes).map_err(|error| error.to_string())?;
        inputs.insert(name.clone(), frame);
    }
    let (scenario, _) = Scenario::from_query(&request.scenario);
    let task = Task {
        scenario,
        settings: request.settings,
        leaks: request.leaks,
        inputs,
    };
    let number = message.get(0);
    entropy::reset();
    let learned = learner
        .learn(&task, &mut |progress| {
            post(
                scope,
                &number,
                &LearningResponse::Progress(progress),
                Vec::new(),
            );
        })
        .map_err(|error| error.to_string())?;
    let (mut tables, mut buffers) = (Vec::new(), Vec::new());
    for (table, batch) in &learned.tables {
        tables.push(Written {
            table: table.qualified(),
            rows: batch.num_rows() as u64,
        });
        let stream = ipc_stream(&table.schema(), std::slice::from_ref(batch));
        buffers.push(stream.map_err(|error| error.to_string())?);
    }
    let card = Box::new(learned.card);
    Ok((LearningResponse::Learned { card, tables }, buffers))
}

fn post(
    scope: &DedicatedWorkerGlobalScope,
    number: &JsValue,
    response: &LearningResponse,
    buffers: Vec<Vec<u8>>,
) {
    let json = serde_json::to_string(response).unwrap_or_default();
    let message = Array::of2(number, &JsValue::from_str(&json));
    let transfer = Array::new();
    for buffer in buffers {
        let bytes = Uint8Array::from(buffer.as_slice());
        transfer.push(&bytes.buffer());
        message.push(&bytes);
    }
    if let Err(error) = scope.post_message_with_transfer(&message, &transfer) {
        web_sys::console::error_1(&error);
    }
}
