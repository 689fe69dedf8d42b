/** Embeddings as plain values: what lies between models and metrics. */
package org.mien.core.embedding;
