/** How the learning rate changes over a training. */
package org.mien.trainer.schedule;
