// SPDX-License-Identifier: GPL-2.0

//! The attribute macros of the kernel crate, for a host on which nothing is pinned.

use proc_macro::{
    Group,
    TokenStream,
    TokenTree, //
};

/// Takes the `#[pin]` of the fields off.
#[proc_macro_attribute]
pub fn pin_data(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut out = Vec::new();

    for token in item {
        match token {
            TokenTree::Group(group) if group.stream().to_string() == "pin" => {
                // The `#` before it.
                out.pop();
            }
            TokenTree::Group(group) => {
                let fields = pin_data(TokenStream::new(), group.stream());
                out.push(Group::new(group.delimiter(), fields).into());
            }
            token => out.push(token),
        }
    }
    out.into_iter().collect()
}
