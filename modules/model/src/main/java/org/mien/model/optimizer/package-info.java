/** Optimisers that ND4J lacks, in the form that a saved graph can name. */
package org.mien.model.optimizer;
