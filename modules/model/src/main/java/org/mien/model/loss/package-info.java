/**
 * What training minimises: one configuration each, and the loss functions over logits and over
 * embeddings. The layers that some of them need are in {@code layer}, margins in {@code margin}.
 */
package org.mien.model.loss;
