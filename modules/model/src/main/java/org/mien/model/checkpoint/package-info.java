/**
 * The state of a training run on disk: what it takes to go on exactly where it stopped. A
 * checkpoint is no model to hand out; {@code file} writes those.
 */
package org.mien.model.checkpoint;
