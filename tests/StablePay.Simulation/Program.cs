using StablePay.Simulation;

return Runner.RunAll(args, Console.Out, Console.Error);
