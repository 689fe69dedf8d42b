/** What training minimises: one configuration and one loss function each. */
package org.mien.model.loss;
