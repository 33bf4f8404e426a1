//! The worker's side: answers requests until it is ended.

use std::cell::RefCell;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{BlockChecksum, Request, Response, Stream};
use crate::generation::{Block, Plan, Table, TableRows, TableSet, checksum, ipc_stream};
use crate::parameters::Scenario;

/// Listens for requests, says so, and never returns to its caller's work.
pub fn serve_generation() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let plan: RefCell<Option<Plan>> = RefCell::new(None);
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let json = message.get(1).as_string();
        let (response, buffers) = serde_json::from_str(&json.unwrap_or_default())
            .map_err(|error| error.to_string())
            .and_then(|request| answer(&plan, request))
            .unwrap_or_else(|message| (Response::Failed { message }, Vec::new()));
        post(&answering, &message.get(0), &response, buffers);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its scope.
    on_message.forget();
    post(&scope, &JsValue::from(0), &Response::Ready, Vec::new());
}

fn answer(
    plan: &RefCell<Option<Plan>>,
    request: Request,
) -> Result<(Response, Vec<Vec<u8>>), String> {
    if let Request::Open { query } = &request {
        let (scenario, _) = Scenario::from_query(query);
        let opened = Plan::new(&scenario);
        let blocks = opened.blocks();
        *plan.borrow_mut() = Some(opened);
        return Ok((Response::Opened { blocks }, Vec::new()));
    }
    let plan = plan.borrow();
    let plan = plan.as_ref().ok_or("no scenario is open")?;
    match request {
        Request::Open { .. } => Err("handled above".to_owned()),
        Request::Exposure { first, end } => {
            let sum = (first..end)
                .map(|block| plan.exposure(block))
                .fold(0, u64::wrapping_add);
            Ok((Response::Exposure { sum }, Vec::new()))
        }
        Request::Blocks {
            first,
            end,
            total_exposure,
            tables,
        } => {
            let wanted = wanted(&tables);
            let blocks: Vec<Block> = (first..end)
                .map(|block| plan.block(block, total_exposure, wanted))
                .collect();
            rows(&blocks)
        }
        Request::GlobalTables => {
            let tables = plan.global_tables().into_iter().map(|(table, batch)| {
                let checksum = checksum(&batch);
                TableRows {
                    table,
                    batch,
                    checksum,
                }
            });
            rows(&[Block {
                index: 0,
                tables: tables.collect(),
            }])
        }
    }
}

fn wanted(names: &[String]) -> TableSet {
    let mut wanted = TableSet::EMPTY;
    for table in Table::ALL {
        if names.iter().any(|name| name == table.qualified()) {
            wanted.insert(table);
        }
    }
    wanted
}

/// Encodes blocks as one stream a table.
fn rows(blocks: &[Block]) -> Result<(Response, Vec<Vec<u8>>), String> {
    let (mut streams, mut checksums, mut buffers) = (Vec::new(), Vec::new(), Vec::new());
    for table in Table::ALL {
        let name = table.qualified();
        let mut batches = Vec::with_capacity(blocks.len());
        for block in blocks {
            for part in block.tables.iter().filter(|part| part.table == table) {
                batches.push(part.batch.clone());
                checksums.push(BlockChecksum {
                    table: name.to_owned(),
                    block: block.index,
                    checksum: part.checksum,
                });
            }
        }
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        if rows == 0 {
            continue;
        }
        buffers.push(ipc_stream(&table.schema(), &batches).map_err(|error| error.to_string())?);
        streams.push(Stream {
            table: name.to_owned(),
            rows,
        });
    }
    Ok((Response::Rows { streams, checksums }, buffers))
}

fn post(
    scope: &DedicatedWorkerGlobalScope,
    number: &JsValue,
    response: &Response,
    buffers: Vec<Vec<u8>>,
) {
    let json = serde_json::to_string(response).unwrap_or_default();
    let message = Array::of2(number, &JsValue::from_str(&json));
    let transfer = Array::new();
    for buffer in buffers {
        // The one copy out of wasm memory; from here on the buffer only changes hands.
        let bytes = Uint8Array::from(buffer.as_slice());
        transfer.push(&bytes.buffer());
        message.push(&bytes);
    }
    if let Err(error) = scope.post_message_with_transfer(&message, &transfer) {
        web_sys::console::error_1(&error);
    }
}
