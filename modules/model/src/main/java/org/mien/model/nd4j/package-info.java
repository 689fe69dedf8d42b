/**
 * How ND4J is started and whether it runs as fast as it can: properties that must be set before it
 * loads, and the check that oneDNN is in use. No networks here.
 */
package org.mien.model.nd4j;
