// The PostgreSQL of this test run, by the name that these tests know it by.
global using TestCluster = StablePay.Testing.PostgresServer;
