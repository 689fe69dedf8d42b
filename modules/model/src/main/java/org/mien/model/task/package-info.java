/**
 * What a network learns of a face besides who it is: an age, an expression, a yes or no. Names,
 * labels and losses are here; the layers are made with the head.
 */
package org.mien.model.task;
