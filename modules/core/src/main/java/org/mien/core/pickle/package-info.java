/**
 * Python's pickles, which are programs, read without executing anything they name. What a pickle
 * may hold is each reader's own list.
 */
package org.mien.core.pickle;
