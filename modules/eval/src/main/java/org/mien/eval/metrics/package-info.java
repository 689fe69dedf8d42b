/** Named results with their uncertainty, and the file that keeps them. */
package org.mien.eval.metrics;
