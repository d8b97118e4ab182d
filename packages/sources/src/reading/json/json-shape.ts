export { isObject, type JsonObject, listOf, parseJson, textOf } from '@leakproof/core';
