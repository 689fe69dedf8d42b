/**
 * Samples as DataVec and DL4J take them: a record reader and a data set iterator over the same
 * preprocessing as everything else.
 */
package org.mien.data.iterator;
