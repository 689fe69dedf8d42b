/** The trainable layers between a backbone's features and the loss: the embedding. */
package org.mien.model.head;
