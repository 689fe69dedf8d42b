/**
 * Templates, each of several images of one person, as IJB-B and IJB-C have them: how their
 * embeddings are pooled into one, and the figures of 1:1 comparison.
 *
 * <p>Searching galleries of templates belongs in {@code identification}.
 */
package org.mien.eval.template;
