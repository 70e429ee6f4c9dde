System.Console.WriteLine("bench: sessions | blocks | webhooks | start");
