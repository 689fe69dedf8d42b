/**
 * Data sets written in the containers that others read. Images keep their bytes; nothing is decoded
 * and encoded again. The containers themselves are in {@link org.mien.data.format}.
 */
package org.mien.data.export;
