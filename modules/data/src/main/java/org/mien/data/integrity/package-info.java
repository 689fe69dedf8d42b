/**
 * What is wrong with data sets, and what is in them: {@link org.mien.data.integrity.DatasetCheck}
 * reads every image and compares sets, protocols and descriptors; {@link
 * org.mien.data.integrity.DatasetStatistics} counts. Both return values that are ready for JSON;
 * nothing here changes a data set.
 */
package org.mien.data.integrity;
