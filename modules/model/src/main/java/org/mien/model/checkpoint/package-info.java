/** Snapshots of a training, from which it goes on exactly. */
package org.mien.model.checkpoint;
