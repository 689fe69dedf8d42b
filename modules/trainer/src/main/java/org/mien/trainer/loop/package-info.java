/** The training loop and its state. */
package org.mien.trainer.loop;
