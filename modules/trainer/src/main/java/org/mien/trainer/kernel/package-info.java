/** Loops over floats inside and outside the Java heap, which the trainers are made of. */
package org.mien.trainer.kernel;
