/**
 * Exact search: the cosine similarities of many probes with every row of a large gallery, block by
 * block, and what is counted of them while a block is in the cache.
 *
 * <p>Beside it an approximate one for single probes ({@link org.mien.eval.search.HnswIndex}), from
 * which no figure is computed.
 *
 * <p>Here belong rows of embeddings in memory or in files, the search, and what it may collect. Who
 * a row shows, and the figures of a protocol, belong in {@code identification}.
 */
package org.mien.eval.search;
