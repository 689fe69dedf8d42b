/** From the attributes of a data set's samples to the labels of further tasks. */
package org.mien.trainer.task;
